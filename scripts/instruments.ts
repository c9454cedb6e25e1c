// `npm run instruments -- load …`: reads master data of a source into the table of instruments.

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { findInstrument } from '@motu/shared/instrument.ts'
import { connect, type Sql } from '../home/src/db/connect.ts'
import { loadInstruments } from '../home/src/db/instruments.ts'
import { type KrxBoard, parseKrxMaster } from '../home/src/feeder/masters/krx-master.ts'
import { type Master, UnreadableMaster } from '../home/src/feeder/masters/master.ts'
import { storeMaster } from '../home/src/feeder/masters/store-master.ts'
import { parseUpbitMarkets, parseUpbitPrices } from '../home/src/feeder/masters/upbit-markets.ts'
import { parseUsMaster } from '../home/src/feeder/masters/us-master.ts'
import { unzipped } from '../home/src/feeder/masters/zip.ts'
import { ownDatabaseUrl } from './launch/own-database.ts'

const USAGE = `npm run instruments -- load --source krx --file kospi_code.mst[.zip] [--board KOSPI|KOSDAQ]
npm run instruments -- load --source us --file nasmst.cod[.zip]
npm run instruments -- load --source crypto [--file market-all.json [--prices ticker.json]]

Reads what a source lists: names, sector, board, halts, base prices. What it listed before and lists no
more becomes DELISTED. A file in which more than a fifth of that is missing is refused. Loading a file
twice changes nothing. A running Motu knows the new list within ten seconds, its edge within a minute; what is
new is quoted from the next start on, 300 instruments at the most.

krx     kospi_code.mst, kosdaq_code.mst   the board is in the file's name, or said
us      nasmst.cod, nysmst.cod, amsmst.cod
        (Korea Investment & Securities publishes both kinds, zipped, every trading day)
crypto  the answers of Upbit's /v1/market/all and /v1/ticker; without --file the exchange is asked

The database is MOTU_POSTGRES_URL, or that of a running \`npm start\`; Upbit's address MOTU_UPBIT_URL.`

const UPBIT_URL = 'https://api.upbit.com'
const DEADLINE_MS = 10_000

class Misuse extends Error {}

type Options = Readonly<Record<'source' | 'file' | 'board' | 'prices', string | undefined>>

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      source: { type: 'string' },
      file: { type: 'string' },
      board: { type: 'string' },
      prices: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return
  }
  if (positionals.join() !== 'load') throw new Misuse(USAGE)
  const options = {
    ...{ source: '', file: undefined, board: undefined, prices: undefined },
    ...values,
  }
  const sql = connect(ownDatabaseUrl(process.env), { max: 1, name: 'motu-instruments' })
  try {
    // What is listed already knows prices and English names that a source may not tell.
    await loadInstruments(sql)
    await load(sql, await readMaster(options))
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function load(sql: Sql, master: Master): Promise<void> {
  console.log(`${master.source}: ${master.instruments.length} instruments read`)
  for (const [why, count] of master.skipped) console.log(`  left out: ${count} (${why})`)
  const stored = await storeMaster(sql, master, Date.now())
  if (stored.kind === 'refused') throw new Misuse(`Refused, nothing was changed: ${stored.detail}.`)
  const { added, changed, delisted } = stored
  console.log(`  added ${added}, changed ${changed}, delisted ${delisted}`)
}

async function readMaster({ source, file, board, prices }: Options): Promise<Master> {
  if (source === 'crypto') return readCrypto(file, prices)
  if (file === undefined) throw new Misuse(`--file is missing.\n\n${USAGE}`)
  if (source === 'us') return parseUsMaster(unzipped(read(file)))
  if (source === 'krx') return parseKrxMaster(unzipped(read(file)), boardOf(file, board))
  throw new Misuse(`--source is krx, us or crypto.\n\n${USAGE}`)
}

async function readCrypto(file: string | undefined, prices: string | undefined): Promise<Master> {
  const markets = file === undefined ? await ask('/v1/market/all') : json(file)
  const tickers =
    prices !== undefined
      ? json(prices)
      : file === undefined
        ? await ask('/v1/ticker/all?quote_currencies=KRW')
        : []
  const known = parseUpbitPrices(tickers)
  const priceOf = (tickerId: string): bigint | null =>
    known.get(tickerId) ?? findInstrument(tickerId)?.referencePrice ?? null
  return parseUpbitMarkets(markets, priceOf)
}

function boardOf(file: string, board: string | undefined): KrxBoard {
  const named = board ?? /kospi|kosdaq/i.exec(basename(file))?.[0].toUpperCase()
  if (named === 'KOSPI' || named === 'KOSDAQ') return named
  throw new Misuse('Which board is it? Say --board KOSPI or --board KOSDAQ.')
}

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Misuse(`${file} cannot be read: ${(error as Error).message}`)
  }
}

function json(file: string): unknown {
  try {
    return JSON.parse(read(file).toString('utf8'))
  } catch (error) {
    if (error instanceof Misuse) throw error
    throw new Misuse(`${file} is no JSON.`)
  }
}

async function ask(path: string): Promise<unknown> {
  const url = (process.env.MOTU_UPBIT_URL || UPBIT_URL) + path
  const answer = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) })
  if (!answer.ok) throw new Misuse(`${url} answers ${answer.status}.`)
  return answer.json()
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Misuse) && !(error instanceof UnreadableMaster)) throw error
  console.error(error.message)
  process.exitCode = 1
}
