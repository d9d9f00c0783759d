"""A closed case as a package for the archive: E-ARK SIP 2.1 (FGS Paketstruktur), PDF/A, checksums. Not to be taken for
the plan that is also called SIP: here it is a Submission Information Package, and nothing is named so."""
