// Takes files that are dropped or chosen, folders with all that lies in them.

async function walk(entry, path, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, name: path + entry.name });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const one of some) await walk(one, `${path}${entry.name}/`, found);
  }
}

function chosen(input) {
  const found = [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
  input.value = "";
  return found;
}

// lets people drop or choose; `add` gets a list of { file, name }
export function offerChoice(form, add) {
  const drop = document.getElementById("drop");
  const folder = document.getElementById("folder");
  const files = document.getElementById("files");
  document.getElementById("drop-words").hidden = false;
  document.getElementById("choose-folder").hidden = false;
  document.getElementById("plain-send").hidden = true;
  document.getElementById("drop-hint").textContent = "File names stay on this computer. The portal never sees them.";
  document.getElementById("choose-folder").addEventListener("click", () => folder.click());
  folder.addEventListener("change", () => add(chosen(folder)));
  files.addEventListener("change", () => add(chosen(files)));
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("drop--over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("drop--over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("drop--over");
    const roots = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const found = [];
    for (const root of roots) await walk(root, "", found);
    add(found);
  });
}
