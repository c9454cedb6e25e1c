// Pure: no I/O, no clock, no randomness.
// What a notifier did in a run, held against what it promises.

/** A message as the service recorded it. */
export type ArrivedMessage = { readonly text: string }
/** A delivery as its row says, with the notionals it tells, in the order of the deliveries. */
export type TotalDelivery = {
  readonly notionals: readonly number[]
  readonly mayRepeat: boolean
  readonly state: string
}

/** Counts of a run; what comes after `marked` must be 0. */
export type Verdict = {
  /** Messages that the service took, repeats included. */
  readonly arrived: number
  /** Those that it had taken before. */
  readonly repeated: number
  /** Deliveries whose rows say that they may have been repeated. */
  readonly marked: number
  /** Events that never arrived. */
  readonly lost: number
  /** Repeats that do not say so, in their text or in their row. */
  readonly unmarked: number
  /** Messages that came before another that was to come first. */
  readonly disordered: number
  /** Events in several deliveries. */
  readonly doubled: number
  /** Messages of what was not to be told, or of no delivery. */
  readonly unasked: number
  /** Deliveries that have not ended as sent. */
  readonly unsent: number
}

const REPEATED = '\n(다시 보낸 알림일 수 있습니다)'

/** Judges what arrived at one place; `events` are the notionals that had to be told. */
export function judge(
  events: readonly number[],
  arrived: readonly ArrivedMessage[],
  deliveries: readonly TotalDelivery[],
): Verdict {
  const deliveryOf = new Map<number, number>()
  let doubled = 0
  for (const [index, { notionals }] of deliveries.entries()) {
    for (const notional of notionals) {
      if (deliveryOf.has(notional)) doubled += 1
      deliveryOf.set(notional, index)
    }
  }
  const expected = new Set(events)
  const seen = new Set<number>()
  const counts = { repeated: 0, unmarked: 0, disordered: 0, unasked: 0 }
  let last = -1
  for (const { text } of arrived) {
    const told = notionalsIn(text)
    const index = deliveryOf.get(told[0] ?? Number.NaN) ?? -1
    const delivery = deliveries[index]
    const isWhole = delivery && told.join() === delivery.notionals.join()
    if (!isWhole || told.some((one) => !expected.has(one))) {
      counts.unasked += 1
      continue
    }
    if (index < last) counts.disordered += 1
    last = Math.max(last, index)
    if (seen.has(told[0]!)) {
      counts.repeated += 1
      if (!text.endsWith(REPEATED) || !delivery.mayRepeat) counts.unmarked += 1
    }
    for (const one of told) seen.add(one)
  }
  return {
    ...{ arrived: arrived.length, repeated: counts.repeated },
    marked: deliveries.filter(({ mayRepeat }) => mayRepeat).length,
    lost: events.filter((one) => !seen.has(one)).length,
    ...{ unmarked: counts.unmarked, disordered: counts.disordered, doubled },
    unasked: counts.unasked,
    unsent: deliveries.filter(({ state }) => state !== 'sent').length,
  }
}

/** Whether everything that was promised was kept, where so many answers may have been lost. */
export function isKept(verdict: Verdict, lostAnswers: number): boolean {
  const { lost, unmarked, disordered, doubled, unasked, unsent, repeated, marked } = verdict
  const broken = lost + unmarked + disordered + doubled + unasked + unsent
  return broken === 0 && repeated <= lostAnswers && marked <= lostAnswers
}

function notionalsIn(text: string): number[] {
  return [...text.matchAll(/([\d,]+) KRW/g)].map(([, digits]) =>
    Number.parseInt(digits!.replaceAll(',', ''), 10),
  )
}
