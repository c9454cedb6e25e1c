// Bugs planted into a real run, to show that the oracle sees them. The product's own files stay
// clean: a line or two are changed on their way into the process.
//
//   MOTU_PLANT_BUG=no_dedupe node --import ./faults/planted/bugs.ts home/src/main.ts …

import { registerHooks } from 'node:module'

type Planted = { file: string; from: string; to: string }

/** What is done wrong, as changes of single places in the source. */
export const PLANTED_BUGS = {
  /** The fee leaves the wallet, but the ledger does not hear of it. */
  drop_ledger_leg: [
    {
      file: '/home/src/engine/books.ts',
      from: 'if (commission > 0n) leg(',
      to: 'if (commission < 0n) leg(',
    },
  ],
  /** The queue forgets a message before its order is committed. */
  ack_before_commit: [
    {
      file: '/home/src/engine/intake.ts',
      from: 'const verdicts = await Promise.all(',
      to: 'delivery.ack()\n    const verdicts = await Promise.all(',
    },
  ],
  /** A message that comes twice is booked twice. */
  no_dedupe: [
    {
      file: '/home/src/engine/place.ts',
      from: 'const seen = books.orders.get(message.order_id)',
      to: 'const seen = undefined as OrderRecord | undefined',
    },
  ],
  /** A sleeper that wakes up writes as if it still owned its partitions: neither fence holds. */
  no_epoch_check: [
    {
      file: '/home/src/engine/settle.ts',
      from: 'if (lost.length > 0) throw',
      to: 'if (lost.length > 99) throw',
    },
    {
      file: '/home/src/engine/ownership.ts',
      from: 'onClose: () => this.#suspend(),',
      to: 'onClose: () => {},',
    },
  ],
} as const satisfies Record<string, readonly Planted[]>

export type PlantedBug = keyof typeof PLANTED_BUGS

function plant(changes: readonly Planted[]): void {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      const wanted = changes.filter(({ file }) => url.endsWith(file))
      if (wanted.length === 0) return loaded
      let source = String(loaded.source)
      for (const { file, from, to } of wanted) {
        if (!source.includes(from)) throw new Error(`nothing to spoil in ${file}`)
        source = source.replace(from, to)
      }
      return { ...loaded, source }
    },
  })
}

const name = process.env.MOTU_PLANT_BUG
if (name !== undefined) {
  const bug = Object.entries(PLANTED_BUGS).find(([known]) => known === name)?.[1]
  if (!bug) throw new Error(`MOTU_PLANT_BUG: one of ${Object.keys(PLANTED_BUGS).join(', ')}`)
  plant(bug)
}
