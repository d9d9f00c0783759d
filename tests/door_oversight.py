"""The regional coordinators' pages, and what a board asks them. Roy follows Bollnäs, Rut does not."""

from tests.door import Door

OVERSIGHT = {
    "reporting:region": Door("GET", "roy rut"),
    "reporting:map": Door("GET", "roy rut"),
    "reporting:flow": Door("GET", "roy", "rut", ids="followed"),
    "reporting:plan": Door("GET POST", "roy", "rut", ids="followed flow_ref"),
    "reporting:questions": Door("GET", "anna maud", "leo cilla", ids="case"),
    "reporting:answer": Door("GET POST", "anna maud", "leo cilla", ids="case asked_of_plan"),
    "reporting:gaps": Door("GET", "maud adam siv rut"),
    "reporting:threshold": Door("GET POST", "adam siv"),
    "reporting:load": Door("GET", "maud"),
    "reporting:unexecuted_now": Door("GET", "maud adam siv"),
    "reporting:unexecuted": Door("GET", "maud adam siv", ids="year quarter"),
    "reporting:unexecuted_sheet": Door("GET", "maud adam siv", ids="year quarter"),
    "reporting:unexecuted_pdf": Door("GET", "maud adam siv", ids="year quarter"),
    "reporting:unexecuted_keep": Door("POST", "maud adam siv", ids="year quarter"),
    "teams:cooperation_keep": Door("POST", "adam siv", ids="year"),
    "teams:report": Door("GET", "maud adam", "siv", ids="kept_report"),
    "reporting:support": Door("GET", "anna maud leo cilla roy rut"),
    "reporting:support_new": Door("GET POST", "anna maud leo cilla"),
    "reporting:support_answer": Door("GET POST", "roy", "rut", ids="support"),
    "reporting:support_close": Door("POST", "anna maud leo roy", "cilla rut", ids="support"),
}
