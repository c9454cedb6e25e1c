// `npm run report -- --date YYYY-MM-DD`: makes a day's report by hand, and shows it.

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { DailyReport } from '@motu/shared/contract/reports.ts'
import { reportCallSchema } from '@motu/shared/report-call.ts'
import { lastEndedDate } from '@motu/shared/seoul-days.ts'
import { connect, type Sql } from '../home/src/db/connect.ts'
import { readReport } from '../home/src/db/daily-reports.ts'
import { loadInstruments } from '../home/src/db/instruments.ts'
import { writeNotifications } from '../home/src/notifier/write-notifications.ts'
import { makeReport, reckonReport } from '../home/src/reporter/make-report.ts'
import { linesOf } from '../home/src/reporter/words.ts'
import { ownDatabaseUrl } from './launch/own-database.ts'

const USAGE = `npm run report -- [--date YYYY-MM-DD] [--png FILE] [--dry-run]

Makes the report of a day of Seoul (without --date: of the one that ended last) and prints it; a running
Motu sends it where its messages go. A day has one report: where there is one it is shown, and nothing is
sent again.

--png FILE   writes the picture, too
--dry-run    shows what the report would say; writes no row, sends nothing

The database is MOTU_POSTGRES_URL, or that of a running \`npm start\`.`

class Misuse extends Error {}

type Shown = { readonly report: DailyReport; readonly said: string }

async function main(): Promise<void> {
  const { date, png, isDry } = readArguments()
  const sql = connect(ownDatabaseUrl(process.env), { max: 2, name: 'motu-report' })
  try {
    await loadInstruments(sql)
    const { report, said } = isDry ? await reckon(sql, date) : await make(sql, date)
    for (const line of [...linesOf(report), said]) console.log(line)
    if (png !== null) await writePicture(report, png)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

function readArguments(): { date: string; png: string | null; isDry: boolean } {
  const { date, png, 'dry-run': isDry, help } = parsed()
  if (help) {
    console.log(USAGE)
    process.exit()
  }
  const ended = lastEndedDate(Date.now())
  const wanted = date ?? ended
  if (!reportCallSchema.safeParse({ date: wanted }).success) {
    throw new Misuse(`${wanted} is no date: write it as in --date ${ended}.`)
  }
  if (wanted > ended) {
    throw new Misuse(`${wanted} is not over in Seoul. The last day that is: ${ended}.`)
  }
  return { date: wanted, png: png ?? null, isDry: isDry ?? false }
}

function parsed() {
  const options = {
    date: { type: 'string' },
    png: { type: 'string' },
    'dry-run': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    return parseArgs({ options }).values
  } catch (error) {
    throw new Misuse(`${(error as Error).message}\n\n${USAGE}`)
  }
}

async function make(sql: Sql, date: string): Promise<Shown> {
  const outcome = await makeReport(
    { sql, tell: writeNotifications, now: Date.now },
    { date, trigger: 'hand' },
  )
  if (outcome.kind === 'too_early' || outcome.kind === 'nobody') throw refusal(date, outcome)
  const { report } = outcome
  if (outcome.kind === 'made') return { report, said: 'Made now.' }
  return { report, said: `It had already been made, at ${report.made_at}: nothing is sent again.` }
}

async function reckon(sql: Sql, date: string): Promise<Shown> {
  const outcome = await reckonReport({ sql, now: Date.now }, date)
  if (outcome.kind !== 'reckoned') throw refusal(date, outcome)
  const isMade = (await readReport(sql, date)) !== null
  const said = isMade ? 'It had already been made; this is' : 'It has not been made; this is'
  return { report: outcome.report, said: `${said} what it would say now. Nothing was written.` }
}

function refusal(
  date: string,
  outcome: { kind: 'nobody' } | { kind: 'too_early'; waitMs: number },
): Misuse {
  if (outcome.kind === 'nobody') return new Misuse(`Nobody had an account on ${date}.`)
  const seconds = Math.ceil(outcome.waitMs / 1_000)
  return new Misuse(
    `The figures of ${date} are not all there yet: Motu takes them while it runs. ` +
      `Try again in ${seconds} seconds.`,
  )
}

async function writePicture(report: DailyReport, file: string): Promise<void> {
  const { paintReport } = await import('../home/src/reporter/paint.ts')
  const picture = await paintReport(report)
  try {
    writeFileSync(file, picture)
  } catch (error) {
    throw new Misuse(`${file} cannot be written: ${(error as Error).message}`)
  }
  console.log(`The picture is in ${file}.`)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Misuse)) throw error
  console.error(error.message)
  process.exitCode = 1
}
