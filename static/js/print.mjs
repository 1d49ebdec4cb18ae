// Offers to print the page where there is a script to do it; without one, the browser's own menu does.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => print());
