// Runs before the first paint, so that what was chosen never flashes in late, and what the page needs
// is on its way.
;(() => {
  const root = document.documentElement
  let isDark = matchMedia('(prefers-color-scheme: dark)').matches
  try {
    const theme = localStorage.getItem('motu.theme')
    if (theme === 'light' || theme === 'dark') {
      root.dataset.theme = theme
      isDark = theme === 'dark'
    }
    if (localStorage.getItem('motu.colours') === 'up_green') root.dataset.colours = 'up_green'
    if (localStorage.getItem('motu.locale') === 'en') root.lang = 'en'
  } catch {
    // Storage may be blocked: the system's theme and Korean it is.
  }
  if (isDark) document.querySelector('meta[name=theme-color]').content = '#14171c'

  if (!location.pathname.startsWith('/symbol/')) return
  const files = [/* written here by the build: symbol-files.ts */]
  for (const href of files) {
    const isStyle = href.endsWith('.css')
    const rel = isStyle ? 'preload' : 'modulepreload'
    document.head.append(
      Object.assign(document.createElement('link'), {
        rel,
        href,
        as: isStyle ? 'style' : 'script',
      }),
    )
  }
})()
