// Makes the pages quicker and nicer. Everything works without it, and every rule is the server's: its sentences stand in
// data attributes, and the username is judged where it is judged at the end.

const errorOf = (input) => document.getElementById(`${input.id}-error`);
const stateOf = (input) => document.getElementById(`${input.id}-status`);

function say(input, sentence) {
  const error = errorOf(input);
  error.textContent = sentence ?? "";
  error.hidden = !sentence;
  if (sentence) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// Instant validation: on leaving a field that was typed into, and from then on with every key until it is right.
function validate(input) {
  const { missing, short } = input.dataset;
  if (input.validity.valueMissing) return missing;
  const min = Number(input.getAttribute("minlength") ?? 0);
  return short && [...input.value].length < min ? short : undefined;
}

for (const input of document.querySelectorAll("input[data-missing]")) {
  let touched = false;
  input.addEventListener("input", () => {
    touched = true;
    if (input.hasAttribute("aria-invalid")) say(input, validate(input));
  });
  input.addEventListener("blur", () => {
    if (touched) say(input, validate(input) ?? (input.dataset.check ? errorOf(input).textContent : undefined));
  });
}

// A form with gaps is not sent; the first gap is shown and focused, as the server would.
for (const form of document.querySelectorAll("form[novalidate]")) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name) return;
    const wrong = [...form.querySelectorAll("input[data-missing]")].filter((input) => {
      const sentence = validate(input);
      if (sentence) say(input, sentence);
      return sentence;
    });
    if (wrong.length === 0) return;
    event.preventDefault();
    wrong[0].focus();
  });
}

// Show and hide a password.
for (const input of document.querySelectorAll("input[data-reveal]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal";
  button.textContent = input.dataset.reveal;
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.textContent = shown ? input.dataset.conceal : input.dataset.reveal;
    button.setAttribute("aria-pressed", String(shown));
  });
  input.form.addEventListener("submit", () => { input.type = "password"; });
  input.after(button);
}

// Is the username free? Asked when the typing pauses; only the latest answer counts.
for (const input of document.querySelectorAll("input[data-check]")) {
  const initial = input.value;
  const state = stateOf(input);
  let timer;
  let asked;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked?.abort();
    state.textContent = "";
    const name = input.value.trim();
    if (name === "" || name === initial) return;
    timer = setTimeout(async () => {
      asked = new AbortController();
      try {
        const reply = await fetch(input.dataset.check + encodeURIComponent(name), { signal: asked.signal, redirect: "error" });
        if (!reply.ok) return;
        const { available, message } = await reply.json();
        say(input, available ? undefined : message);
        state.textContent = available ? message : "";
      } catch {
        // No network, or a newer question: the answer comes with the form.
      }
    }, 300);
  });
}

// Choices keep the order in which they were made, and say when there is no room for another.
for (const group of document.querySelectorAll("fieldset[data-order]")) {
  const max = Number(group.dataset.max);
  const say = document.getElementById("choices-error");
  const order = document.createElement("input");
  order.type = "hidden";
  order.name = group.dataset.order;
  const before = group.dataset.chosen.split(" ");
  const chosen = [...group.querySelectorAll("input:checked")].map((box) => box.value).sort((a, b) => before.indexOf(a) - before.indexOf(b));
  order.value = chosen.join(" ");
  group.append(order);
  group.addEventListener("change", ({ target }) => {
    if (target.checked && chosen.length >= max) {
      target.checked = false;
      say.textContent = group.dataset.full;
      say.hidden = false;
      return;
    }
    if (target.checked) chosen.push(target.value);
    else chosen.splice(chosen.indexOf(target.value), 1);
    say.hidden = true;
    order.value = chosen.join(" ");
  });
}

// Type-ahead: the same search as the button's, asked when the typing pauses; the list of its page takes the place of ours.
for (const search of document.querySelectorAll("form[data-ahead]")) {
  const list = document.getElementById(search.dataset.ahead);
  const input = search.elements.q;
  let timer;
  let asked;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked?.abort();
    // Who is quicker than the answer has searched nevertheless.
    list.querySelector("input[name=q]").value = input.value;
    timer = setTimeout(async () => {
      asked = new AbortController();
      try {
        const reply = await fetch(`${search.action}?q=${encodeURIComponent(input.value)}`, { signal: asked.signal, redirect: "error" });
        if (!reply.ok) return;
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        const kept = list.querySelector("input:checked");
        list.replaceChildren(...page.getElementById(list.id).children);
        const same = kept && [...list.querySelectorAll("input[type=radio]")].find((entry) => entry.value === kept.value);
        if (same) same.checked = true;
        else if (kept) list.prepend(kept.closest("label"));
      } catch {
        // No network, or a newer question: the button is still there.
      }
    }, 250);
  });
}

// Times in the visitor's own zone, and as their country writes them when it shares the page's language.
const language = document.documentElement.lang;
const locale = navigator.languages.find((l) => l.split("-")[0] === language) ?? language;
for (const time of document.querySelectorAll("time[data-local]")) {
  const format = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  time.textContent = new Intl.DateTimeFormat(locale, format).format(new Date(time.dateTime));
}

if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("/sw.js").catch(() => {});
