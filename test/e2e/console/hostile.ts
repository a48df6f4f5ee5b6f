/** Texts that a page must show as texts: markup, a script's address, marks that turn the direction, and great length. */
export const hostile = {
  markup: `<img src=x onerror="document.title='broken in'"><script>document.title='broken in'</script>`,
  turned: "\u202eevil\u202c javascript:alert(1)",
  long: "x".repeat(150),
};
