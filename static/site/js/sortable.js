/* Ordering by moving: every step gets two buttons, and its row goes where its number says.
   Without this script the numbers alone are chosen.

   <ul data-enhance="sortable" data-up="… “{step}” …" data-down="… “{step}” …">   labels of the buttons
     <li><select>…</select><span data-words>a step</span></li>                    its options: none, 1, 2, 3 … */

const ARROWS = { up: "m5 12 7-7 7 7M12 19V5", down: "m19 12-7 7-7-7M12 5v14" };

function enhance(list) {
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "visually-hidden";
  list.after(status);
  for (const row of list.children) addButtons(list, row);
  list.addEventListener("change", (event) => {
    const focused = document.activeElement;
    const row = event.target.closest("li");
    place(list, row, event.target.selectedIndex);
    const lost = focused.disabled ? row.querySelector("button:enabled") : focused;
    lost.focus();
    status.textContent = `${words(row)}: ${event.target.value ? event.target.selectedIndex : "–"}`;
  });
  closeEnds(list);
}

function words(row) {
  return row.querySelector("[data-words]").textContent;
}

function addButtons(list, row) {
  const buttons = document.createElement("span");
  buttons.className = "move-buttons";
  for (const [way, step] of [["up", -1], ["down", 1]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "move-button";
    button.setAttribute("aria-label", list.dataset[way].replace("{step}", words(row)));
    button.innerHTML = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${ARROWS[way]}"/></svg>`;
    button.addEventListener("click", () => {
      const select = row.querySelector("select");
      select.selectedIndex = [...list.children].indexOf(row) + 1 + step;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    buttons.append(button);
  }
  row.append(buttons);
}

/* The row becomes the one of this number, and all the others get theirs; with 0 all of them lose them. */
function place(list, row, number) {
  if (number) {
    const others = [...list.children].filter((other) => other !== row);
    list.insertBefore(row, others[number - 1] ?? null);
  }
  [...list.children].forEach((one, at) => (one.querySelector("select").selectedIndex = number ? at + 1 : 0));
  closeEnds(list);
}

function closeEnds(list) {
  for (const row of list.children) {
    const [up, down] = row.querySelectorAll("button");
    up.disabled = row === list.firstElementChild;
    down.disabled = row === list.lastElementChild;
  }
}

document.querySelectorAll('[data-enhance="sortable"]').forEach(enhance);
