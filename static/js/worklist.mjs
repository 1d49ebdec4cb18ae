// Leads from study to study with single keys; Enter opens the one in focus.

function move(step) {
  const links = [...document.querySelectorAll(".worklist th a")];
  const place = links.indexOf(document.activeElement);
  links[place < 0 ? 0 : Math.min(Math.max(place + step, 0), links.length - 1)]?.focus();
}

document.getElementById("row-next").addEventListener("click", () => move(1));
document.getElementById("row-previous").addEventListener("click", () => move(-1));
