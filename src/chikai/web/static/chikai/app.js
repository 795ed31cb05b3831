// Everything works without this file; it adds passkeys, keys on the keyboard, focus and polite news.
(() => {
  const live = document.querySelector(".live");
  const say = (text) => { if (live) live.replaceChildren(Object.assign(document.createElement("p"), { textContent: text })); };
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  // A form that came back with faults: its summary takes the focus.
  document.querySelector("[data-focus]")?.focus();

  // Passkeys. The server sends and reads base64url; the browser wants bytes.
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const ask = async (path, body) => {
    const answer = await fetch(path, { method: "POST", headers: { "X-CSRFToken": token(), "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };
  const open = (o) => {
    o.challenge = bytes(o.challenge);
    if (o.user) o.user.id = bytes(o.user.id);
    for (const list of [o.excludeCredentials, o.allowCredentials]) list?.forEach((c) => { c.id = bytes(c.id); });
    return o;
  };
  const pack = (c) => {
    const response = {};
    for (const k of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) if (c.response[k]) response[k] = text(c.response[k]);
    return { id: c.id, rawId: text(c.rawId), type: c.type, response, clientExtensionResults: {} };
  };
  document.querySelectorAll("[data-passkey]").forEach((form) => {
    if (!window.PublicKeyCredential) return;
    form.hidden = false;
    form.addEventListener("submit", async (e) => {
      e.preventDefault();
      try {
        const { publicKey } = await ask(form.dataset.begin, {});
        const made = form.dataset.passkey === "add"
          ? await navigator.credentials.create({ publicKey: open(publicKey) })
          : await navigator.credentials.get({ publicKey: open(publicKey) });
        const { next } = await ask(form.action, { credential: pack(made), name: form.elements.name?.value ?? "" });
        location.assign(next);
      } catch { say(form.dataset.failed); }
    });
  });

  // htmx: what a swap says in [data-say] is read out.
  document.addEventListener("htmx:afterSwap", (e) => {
    const news = e.detail.target.querySelector?.("[data-say]") ?? document.querySelector("[data-say]");
    if (news) { say(news.dataset.say); news.removeAttribute("data-say"); }
  });

  // Keys: / to the search box, J and K along the rows, O to look beside, and what the page marks with its key.
  // Off while typing, and off where the account says so.
  if (document.body.dataset.keys === "off") return;
  const rows = () => [...document.querySelectorAll("[data-row]")];
  addEventListener("keydown", (e) => {
    if (e.target.closest("input, textarea, select") || e.ctrlKey || e.metaKey || e.altKey) return;
    const all = rows(), at = all.indexOf(document.activeElement);
    if (e.key === "j" && all.length) all[Math.min(at + 1, all.length - 1)].focus();
    else if (e.key === "k" && all.length) all[Math.max(at - 1, 0)].focus();
    else if (e.key === "/") document.querySelector("[type=search]")?.focus();
    else if (e.key === "o" && at >= 0) all[at].parentElement.querySelector("[data-peek]")?.click();
    else {
      const marked = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === e.key);
      if (!marked) return;
      marked.click();
    }
    e.preventDefault();
  });
})();
