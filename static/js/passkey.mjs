// The one page that needs a script: only a script can speak to the device that holds a passkey.
const form = document.querySelector("form[data-passkey]");

async function ask() {
  const fault = document.getElementById("passkey-fault");
  fault.hidden = true;
  try {
    const options = JSON.parse(form.dataset.options);
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    fault.hidden = false;
    fault.focus();
  }
}

if (form) {
  form.querySelector("button").addEventListener("click", ask);
  ask();
}
