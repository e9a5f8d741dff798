// The link was opened in the browser that asked for it, so it signs in by itself. A reader of mail that runs scripts
// has not asked, and gets a page without this.
document.forms[0].requestSubmit();
