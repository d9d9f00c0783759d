"""What the oracle says of agreements between authorities, of mandates, and of whom one knows by them."""

CALLABLE = {"healthcare", "partner", "regional_coordinator"}


class Cooperation:
    def _cooperationagreement(self, row, own):
        return own or self._party_in(row["id"])

    def _party_in(self, agreement):
        return self.who.authority_id in {p["party_authority_id"] for p in self._sides(agreement)}

    def _sides(self, agreement):
        return [p for p in self.rows["tenancy.AgreementParty"] if p["agreement_id"] == agreement]

    def _agreementparty(self, row, own):
        return own or self._party_in(row["agreement_id"])

    _mandate = _agreementparty

    def _together(self):
        """{agreement: the parties that are in it today}, for those that all have signed, in force today."""
        return {
            agreement["id"]: {
                p["party_authority_id"] for p in self._sides(agreement["id"])
                if p["leaves_on"] is None or p["leaves_on"] >= self.today
            }
            for agreement in self.rows["tenancy.CooperationAgreement"]
            if self._now(agreement)
            and all(p["accepted_at"] and not p["declined_at"] for p in self._sides(agreement["id"]))
        }  # fmt: skip

    def _partners(self):
        mine = self.who.authority_id
        return {other for sides in self._together().values() if mine in sides for other in sides - {mine}}

    def _decides_for_us(self, row):
        """Named in an agreement of ours; or in a role that has a mandate for our board today."""
        together, ours = self._together(), [m for m in self.rows["tenancy.Mandate"] if self._mandate(m, False)]
        by_role = {
            m["role"] for m in ours
            if m["authority_id"] == self.who.authority_id and m["employer_authority_id"] == row["authority_id"]
            and self._now(m)
            and {m["authority_id"], m["employer_authority_id"]} <= together.get(m["agreement_id"], set())
        } - {""}  # fmt: skip
        named = row["id"] in {m["membership_id"] for m in ours}
        return named or (row["role"] in by_role and self._now(row))

    def _membership(self, row, own):
        callable_ = row["authority_id"] in self._partners() and row["role"] in CALLABLE
        return own or row["user_id"] == self.who.user_id or callable_ or self._decides_for_us(row)
