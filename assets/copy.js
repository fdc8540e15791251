// Copies what stands in a field; where the browser does not allow it, selects it for the hand.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    const done = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
    const told = document.getElementById("copied");
    told.textContent = done ? "✓ 已复制" : "选中了，长按复制";
    told.classList.toggle("ok", Boolean(done));
  });
}
