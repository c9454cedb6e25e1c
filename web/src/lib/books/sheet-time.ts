// Pure: no I/O, no clock, no randomness.
// An instant as a spreadsheet reads it, whatever the language of the page.

/** `2026-11-21 15:04:05` in the zone. */
export function sheetTime(iso: string, zone: string): string {
  // Sweden writes dates as ISO does.
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(new Date(iso))
}
