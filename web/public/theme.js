// Runs before the first paint, so that a chosen theme does not flash. A file of its own, since the content security policy
// allows no inline script.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('hortus-theme');
  } catch {
    // Storage is switched off: the system's theme holds.
  }
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  var dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.querySelector('meta[name="theme-color"]').content = dark ? '#121512' : '#eff1ea';
})();
