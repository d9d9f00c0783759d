"""What the archive searches by: the case, its papers, its secrecy and what the law says of keeping it; and what has
been done with it (PREMIS). Text goes in as text: nothing of it can become markup."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cases import retention

OWN = "urn:exitprogram:arkiv:1"
PREMIS = "http://www.loc.gov/premis/v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DATA = "representations/rep1/data/"
SECRECY = "26 kap. 1 § offentlighets- och sekretesslagen (2009:400)"


def bytes_of(root):
    indent(root)
    return tostring(root, encoding="UTF-8", xml_declaration=True)


def described(case, papers):
    """XML of the case and its records, by ``arkiv.xsd``."""
    root = Element("caseFile", xmlns=OWN)
    _text(root, "objectId", case.number)
    _text(root, "title", f"Personakt, ärende {case.number}")
    _agent(root, "creator", case.authority.name)
    person = _agent(root, "counterpart", case.individual.root.shown_name)
    if case.individual.guarded:
        _text(person, "protectedIdentity", "true")
    _agent(root, "responsible_person", case.worker.user.name)
    _text(root, "opened", case.opened_on.isoformat())
    _text(root, "closed", case.closed_on.isoformat())
    restriction = SubElement(root, "restriction")
    _text(restriction, "explanatoryText", "Socialtjänstsekretess")
    _text(restriction, "regulation", SECRECY)
    _disposal(root, case)
    for place, paper in enumerate(papers, 1):
        _record(root, place, paper)
    return bytes_of(root)


def _text(parent, name, text):
    SubElement(parent, name).text = readable(text)


def readable(text):
    """Without the few characters that XML 1.0 cannot hold at all."""
    return "".join(c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")


def _agent(root, kind, name):
    agent = SubElement(root, "agent", agentType=kind)
    _text(agent, "name", name)
    return agent


def _disposal(root, case):
    verdict = retention.judged(retention.facts_of(case), retention.house_of(case.authority_id))
    disposal = SubElement(root, "disposal", disposable="true" if verdict.destroy_from else "false")
    _text(disposal, "disposalMandate", verdict.citation or "–")
    _text(disposal, "disposalDescription", verdict.why)
    if verdict.destroy_from:
        _text(disposal, "disposalDate", verdict.destroy_from.isoformat())


def _record(root, place, paper):
    record = SubElement(root, "record")
    _text(record, "runningNumber", str(place))
    _text(record, "title", paper.title)
    if paper.day:
        _text(record, "date", paper.day.isoformat())
    SubElement(record, "appendix", path=DATA + paper.path, fileFormat=paper.content_type)


def preserved(package_id, case, *, at):
    """PREMIS: which thing it is, and that it was put together, when, by what."""
    root = Element("premis", {"xmlns": PREMIS, "xmlns:xsi": XSI, "version": "3.0"})
    thing = SubElement(root, "object", {"xsi:type": "intellectualEntity"})
    _identified(thing, "object", "local", package_id)
    event = SubElement(root, "event")
    _identified(event, "event", "local", f"{package_id}-1")
    _text(event, "eventType", "information package creation")
    _text(event, "eventDateTime", at)
    _linked(event, "linkingAgent", "exitprogram")
    _linked(event, "linkingObject", package_id)
    agent = SubElement(root, "agent")
    _identified(agent, "agent", "local", "exitprogram")
    _text(agent, "agentName", "Exitprogram")
    _text(agent, "agentType", "software")
    return bytes_of(root)


def _identified(parent, what, kind, value):
    one = SubElement(parent, f"{what}Identifier")
    _text(one, f"{what}IdentifierType", kind)
    _text(one, f"{what}IdentifierValue", value)


def _linked(parent, what, value):
    one = SubElement(parent, f"{what}Identifier")
    _text(one, f"{what}IdentifierType", "local")
    _text(one, f"{what}IdentifierValue", value)
