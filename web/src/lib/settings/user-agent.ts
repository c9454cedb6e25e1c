// Pure: no I/O, no clock, no randomness.
// A browser's own description of itself, cut down to what its user knows it by.

/** Order matters: most of them also name Chrome and Safari. */
const BROWSERS: readonly (readonly [token: RegExp, name: string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bWhale\//, 'Whale'],
  [/\bKAKAOTALK\b/i, 'KakaoTalk'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/\bcurl\//, 'curl'],
]
const SYSTEMS: readonly (readonly [token: RegExp, name: string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]
const LENGTH_MAX = 40

/** `Chrome · Windows`; of what is no browser the beginning; null for nothing. */
export function deviceName(userAgent: string | null): string | null {
  if (!userAgent) return null
  const nameIn = (table: typeof BROWSERS) => table.find(([token]) => token.test(userAgent))?.[1]
  const names = [nameIn(BROWSERS), nameIn(SYSTEMS)].filter((name) => name !== undefined)
  return names.join(' · ') || userAgent.slice(0, LENGTH_MAX)
}
