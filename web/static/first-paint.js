// Runs before the first paint, so that a chosen theme or language never flashes in late.
;(() => {
  try {
    const theme = localStorage.getItem('motu.theme')
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
    if (localStorage.getItem('motu.locale') === 'en') document.documentElement.lang = 'en'
  } catch {
    // Storage may be blocked: the system's theme and Korean it is.
  }
})()
