// Pure: no I/O, no clock, no randomness.
// The hours in which somebody does not want to hear anything.

export type QuietHours = {
  /** Minutes since midnight, in his own zone. Beyond midnight where the end is not after the begin. */
  readonly fromMinute: number
  readonly untilMinute: number
  /** Of the IANA database. */
  readonly timeZone: string
}

/** Whether an instant lies in them, by the clock on his wall: one that is set forward or back too. */
export function isQuietAt({ fromMinute, untilMinute, timeZone }: QuietHours, ms: number): boolean {
  const minute = minuteOfDay(timeZone, ms)
  return fromMinute < untilMinute
    ? minute >= fromMinute && minute < untilMinute
    : minute >= fromMinute || minute < untilMinute
}

/** `HH:MM` as minutes since midnight. */
export function minutesOf(clock: string): number {
  const [hours = '', minutes = ''] = clock.split(':')
  return Number.parseInt(hours, 10) * 60 + Number.parseInt(minutes, 10)
}

function minuteOfDay(timeZone: string, ms: number): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  })
  return minutesOf(format.format(ms))
}
