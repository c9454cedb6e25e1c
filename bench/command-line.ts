// Pure: no I/O, no clock, no randomness.
// The command line of `npm run bench` and `npm run faults`: a name, then `--option number`.

import { parseArgs } from 'node:util'

export type NumberOptions = Readonly<Record<string, { help: string }>>

export type CommandLine = { name: string; numbers: Record<string, number> } | { help: true }

/** Reads the arguments; an unknown option or a value that is no whole number is an error. */
export function readCommandLine(args: readonly string[], options: NumberOptions): CommandLine {
  const known = Object.keys(options).map((name) => [name, { type: 'string' as const }] as const)
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...Object.fromEntries(known),
      help: { type: 'boolean', short: 'h' },
      list: { type: 'boolean' },
    },
  })
  if (values.help || values.list || positionals.length === 0) return { help: true }
  if (positionals.length > 1) throw new Error(`one name at a time: ${positionals.join(' ')}`)
  const numbers: Record<string, number> = {}
  for (const name of Object.keys(options)) {
    const text = (values as Record<string, string | boolean | undefined>)[name]
    if (typeof text !== 'string') continue
    if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number`)
    numbers[name] = Number.parseInt(text, 10)
  }
  return { name: positionals[0]!, numbers }
}

/** The help text: what there is to run, and the options. */
export function helpText(
  usage: string,
  entries: readonly { name: string; summary: string }[],
  options: NumberOptions,
): string {
  const width = Math.max(...entries.map(({ name }) => name.length)) + 2
  const lines = entries.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`)
  const optionLines = Object.entries(options).map(
    ([name, { help }]) => `  --${name.padEnd(13)}${help}`,
  )
  return [`usage: ${usage}`, '', ...lines, '', 'options', ...optionLines].join('\n')
}
