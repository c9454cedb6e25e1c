// Runs in the page before anything of its own: what the viewer feels, as the Web Vitals define it.
//
// LCP  the last `largest-contentful-paint` entry before the first input   https://web.dev/articles/lcp
// CLS  the worst session window: shifts without recent input, less than 1 s
//      apart and at most 5 s in all                                       https://web.dev/articles/cls
// INP  the longest event of each interaction; of fewer than 50 interactions
//      the worst one                                                      https://web.dev/articles/inp
;(() => {
  const vitals = { lcpMs: 0, cls: 0, interactions: {}, longTasks: [], frames: [] }
  let window_ = { value: 0, since: 0, last: 0 }

  const observe = (type, take, options = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      ...{ type, buffered: true },
      ...options,
    })

  observe('largest-contentful-paint', ({ startTime }) => (vitals.lcpMs = startTime))
  observe('layout-shift', ({ value, startTime, hadRecentInput }) => {
    if (hadRecentInput) return
    const isSame = startTime - window_.last < 1_000 && startTime - window_.since < 5_000
    window_ = isSame
      ? { ...window_, value: window_.value + value, last: startTime }
      : { value, since: startTime, last: startTime }
    vitals.cls = Math.max(vitals.cls, window_.value)
  })
  const interaction = ({ interactionId, duration }) => {
    if (!interactionId) return
    vitals.interactions[interactionId] = Math.max(vitals.interactions[interactionId] ?? 0, duration)
  }
  // 16 ms is the least that browsers report.
  observe('event', interaction, { durationThreshold: 16 })
  observe('first-input', interaction)
  observe('longtask', ({ startTime, duration }) => vitals.longTasks.push([startTime, duration]))

  /** How long each frame of the next seconds takes, in ms. */
  vitals.watchFrames = (seconds) =>
    new Promise((done) => {
      const frames = []
      const until = performance.now() + seconds * 1_000
      let last = performance.now()
      const next = (now) => {
        frames.push(now - last)
        last = now
        if (now < until) requestAnimationFrame(next)
        else done(frames)
      }
      requestAnimationFrame(next)
    })
  vitals.now = () => performance.now()
  globalThis.motuVitals = vitals
})()
