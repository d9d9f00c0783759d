"""What the oracle says of decisions: those on their way, those lent to another board, and who stands around them."""


class Decisions:
    def _decision(self, row, own):
        sent = row["sent_to_id"] == self.who.pk and row["case_id"] not in self.blocked
        childs = row["case_id"] in self._closed_children()
        return (own and (row["case_id"] in self.open or (sent and not childs))) or (
            sent and not own and self._lent(row)
        )

    def _lent(self, decision):
        """By another board, to one who has its mandate for the matter and for whom it is about."""
        hers = decision["state"] == "proposed" or decision["decided_by_id"] == self.who.pk
        programmes = {a["id"]: a["programmes"] for a in self.rows["tenancy.CooperationAgreement"]}
        return hers and decision["earlier_id"] is None and any(
            decision["kind"] in m["kinds"] and decision["target"] in programmes[m["agreement_id"]]
            for m in self._given_me(decision["authority_id"])
        )  # fmt: skip

    def _given_me(self, board):
        """Mandates of that board by which this person may decide something for it today."""
        together = self._together()
        return [
            m for m in self.rows["tenancy.Mandate"]
            if m["authority_id"] == board and m["employer_authority_id"] == self.who.authority_id and self._now(m)
            and {board, self.who.authority_id} <= together.get(m["agreement_id"], set())
            and (m["membership_id"] == self.who.pk or m["role"] == self.who.role)
        ]  # fmt: skip

    def _lent_order(self, row):
        schemes = {s["id"] for s in self.rows["teams.DelegationScheme"] if s["state"] == "adopted"}
        return row.get("scheme_id", row["id"]) in schemes and bool(self._given_me(row["authority_id"]))

    def _decisionstep(self, row, own):
        [decision] = [d for d in self.rows["teams.Decision"] if d["id"] == row["decision_id"]]
        before = row["kind"] in ("heard", "answered", "silent")
        return self._decision(decision, own) and (own or before)

    def _bestinterest(self, row, own):
        decisions = [d for d in self.rows["teams.Decision"] if d["id"] == row["decision_id"]]
        return row["case_id"] in self.open or any(self._decision(d, own) for d in decisions)

    def _childvoice(self, row, own):
        weighed = [b for b in self.rows["children.BestInterest"] if b["voice_id"] == row["id"]]
        return row["case_id"] in self.open or any(self._bestinterest(b, own) for b in weighed)

    def _around_decisions(self):
        """Whom one's own board has sent something to elsewhere; and who prepared what is sent to oneself."""
        decisions, mine = self.rows["teams.Decision"], self.who.authority_id
        away = {d["sent_to_id"] for d in decisions if d["authority_id"] == mine != d["sent_to_authority_id"]}
        lent = {d["id"]: d for d in decisions if d["authority_id"] != mine and self._decision(d, False)}
        steps = [
            s for s in self.rows["teams.DecisionStep"] if s["decision_id"] in lent and self._decisionstep(s, False)
        ]
        return (away | {d["proposed_by_id"] for d in lent.values()} | {s["by_id"] for s in steps}) - {None}
