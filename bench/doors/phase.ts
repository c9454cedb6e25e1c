// A while of steady orders, quiet or under a flood of wrong sign-ins. During the flood a user whose
// password is tried signs in himself, from where he has before.

import { setTimeout as sleep } from 'node:timers/promises'
import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import type { Stack } from '../../faults/stack.ts'
import type { BenchOptions } from '../benchmark.ts'
import type { ApiClient, Trader } from '../load/api-client.ts'
import { type Address, bearer } from '../load/http-connection.ts'
import { type LoadReport, runLoad } from '../load/http-load.ts'
import { type UseOverTime, watchProcess } from '../load/process-use.ts'

const WRONG_SIGN_INS_PER_SECOND = 500
const VICTIM_PAUSE_MS = 2_000

export type DoorsSides = {
  stack: Stack
  /** The bare worker. */
  hello: Address
  /** Those whose passwords are tried. */
  victims: readonly Trader[]
  /** Where the first of them signed in before. */
  victimClient: string
  traders: readonly Trader[]
  orders: PlaceOrder[]
}

export type Phase = {
  /** Tells its orders from those of others. */
  prefix: string
  seconds: number
  flood: 'none' | 'bare worker' | 'doors'
  /** Of the addresses the flood comes from. */
  firstAddress: number
}

export type PhaseReport = {
  prefix: string
  orders: LoadReport
  flood: LoadReport | null
  victim: VictimReport
  edge: UseOverTime
  /** The process with the API. */
  home: UseOverTime
}

/** Runs one phase to its end. */
export async function runPhase(
  sides: DoorsSides,
  phase: Phase,
  options: BenchOptions,
): Promise<PhaseReport> {
  const { stack, victims, victimClient } = sides
  const edge = await watchProcess(stack.edge.pid!)
  const home = await watchProcess(stack.front.pid!)
  const ended = new AbortController()
  const isAtDoors = phase.flood === 'doors'
  const [orders, flood, victim] = await Promise.all([
    placeOrders(sides, phase, options).finally(() => ended.abort()),
    phase.flood === 'none' ? null : sendFlood(sides, phase, options),
    isAtDoors
      ? signInAgain(stack.api, { username: victims[0]!.username, client: victimClient }, ended)
      : NOT_TRIED,
  ])
  const { prefix } = phase
  return { prefix, orders, flood, victim, edge: await edge.end(), home: await home.end() }
}

function placeOrders(
  { stack, traders, orders }: DoorsSides,
  { prefix, seconds }: Phase,
  { connections, rate }: BenchOptions,
): Promise<LoadReport> {
  const credentials = traders.map(({ token }) => bearer(token))
  return runLoad({
    address: stack.api.address,
    plan: { kind: 'orders', credentials, orders, prefix },
    ...{ connections, seconds, rate: rate === 0 ? null : rate, keepOrderIds: true },
  })
}

function sendFlood(
  { stack, hello, victims }: DoorsSides,
  { flood, seconds, firstAddress }: Phase,
  { connections }: BenchOptions,
): Promise<LoadReport> {
  const usernames = victims.map(({ username }) => username)
  return runLoad({
    address: flood === 'doors' ? stack.api.address : hello,
    plan: { kind: 'wrong-sign-ins', usernames, firstAddress },
    ...{ connections, seconds, rate: WRONG_SIGN_INS_PER_SECOND, keepOrderIds: false },
  })
}

type VictimReport = {
  tried: number
  signedIn: number
  slowestMs: number
  firstFailure: string | null
}
const NOT_TRIED: VictimReport = { tried: 0, signedIn: 0, slowestMs: 0, firstFailure: null }

/** Signs in every two seconds until the phase has ended. */
async function signInAgain(
  api: ApiClient,
  { username, client }: { username: string; client: string },
  ended: AbortController,
): Promise<VictimReport> {
  const report: VictimReport = { ...NOT_TRIED }
  while (!ended.signal.aborted) {
    // Not before the flood is there.
    await sleep(VICTIM_PAUSE_MS)
    const sentAt = performance.now()
    report.tried += 1
    try {
      await api.signIn(username, client)
      report.signedIn += 1
    } catch (error) {
      report.firstFailure ??= String(error)
    }
    report.slowestMs = Math.max(report.slowestMs, performance.now() - sentAt)
  }
  return report
}
