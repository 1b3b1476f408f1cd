// The link of an invitation has its code behind the #: put it into the form, out of the address, and go on.
if (location.hash.length > 1) {
  const form = document.querySelector("form");
  form.elements.code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}
