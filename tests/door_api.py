"""The API's addresses, where a person is somebody's key: who may, who is blind, which ids; as in ``tests/doors.py``."""

from tests.door import Door

READS, ELSEWHERE = "anna maud", "leo cilla"
API = {
    "api:schema": Door("GET", "", public=True),
    "api:bundle_schema": Door("GET", "", public=True),
    "api:cases": Door("GET", "anna maud leo cilla"),
    "api:case": Door("GET", READS, ELSEWHERE, ids="case"),
    "api:versions": Door("GET", READS, ELSEWHERE, ids="case"),
    "api:version": Door("GET", READS, ELSEWHERE, ids="agreed"),
    "api:recipients": Door("GET", READS, ELSEWHERE, ids="agreed"),
    "api:copies": Door("POST", READS, ELSEWHERE, ids="agreed"),
    "api:copy": Door("GET", READS, ELSEWHERE, ids="bundle"),
    "api:measures": Door("GET", "anna maud leo cilla"),
    "api:measure": Door("GET", READS, ELSEWHERE, ids="agreed_measure"),
    "api:measure_status": Door("POST", "anna", ELSEWHERE, ids="agreed_measure"),
    "api:measure_day": Door("POST", "anna", ELSEWHERE, ids="agreed_measure"),
    "api:clocks": Door("GET", "anna maud leo cilla"),
    "api:clock": Door("GET", READS, ELSEWHERE, ids="clock"),
    "api:decisions": Door("GET", "anna maud leo cilla"),
    "api:decision": Door("GET", READS, ELSEWHERE, ids="decided"),
    "api:letter": Door("GET", READS, ELSEWHERE, ids="letter"),
    "api:figures": Door("GET", "maud adam siv roy rut"),
    "api:figures_of": Door("GET", "maud adam siv roy rut", ids="publication"),
}
