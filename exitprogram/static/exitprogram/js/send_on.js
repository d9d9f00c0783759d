/* A form that was sent too late is sent again, by itself, when one has shown who one is. */
document.querySelector("form[data-send-on]")?.submit();
