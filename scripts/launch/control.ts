// The supervisor's door: a Unix socket that only its owner may use. It takes one word a connection and
// answers one line of JSON. That it is open is also the lock: one supervisor per `.motu/`.

import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { text } from 'node:stream/consumers'

export const COMMANDS = ['status', 'out', 'in'] as const
export type Command = (typeof COMMANDS)[number]

export type ControlAnswer = {
  pid: number
  url: string
  /** `stopping` while the supervisor ends. */
  home: 'in' | 'out' | 'stopping'
  /** What went wrong with the command, if something did. */
  problem: string | null
}

/** A stop may take this long; a start that comes meanwhile waits for it. */
const STOPPING_TIMEOUT_MS = 40_000
const STOPPING_POLL_MS = 100

export class AlreadyRuns extends Error {
  readonly answer: ControlAnswer
  constructor(answer: ControlAnswer) {
    super(`Motu already runs at ${answer.url} (pid ${answer.pid})`)
    this.answer = answer
  }
}

/** Asks the supervisor of this `.motu/`; null: none runs. */
export async function askSupervisor(
  socketFile: string,
  command: Command,
): Promise<ControlAnswer | null> {
  const socket = connect(socketFile)
  try {
    await once(socket, 'connect')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return null
    throw error
  }
  socket.end(command)
  return JSON.parse(await text(socket)) as ControlAnswer
}

/** Waits for a supervisor that is on its way out; returns one that stays, or null. */
async function untilStopped(socketFile: string): Promise<ControlAnswer | null> {
  const deadline = Date.now() + STOPPING_TIMEOUT_MS
  let other = await askSupervisor(socketFile, 'status')
  while (other?.home === 'stopping' && Date.now() < deadline) {
    await sleep(STOPPING_POLL_MS)
    other = await askSupervisor(socketFile, 'status')
  }
  return other
}

/** Opens the door; throws `AlreadyRuns` when another supervisor keeps it. */
export async function openControl(
  socketFile: string,
  answer: (command: Command) => Promise<ControlAnswer>,
): Promise<Server> {
  const other = await untilStopped(socketFile)
  if (other) throw new AlreadyRuns(other)
  // A supervisor that was killed leaves the file behind.
  rmSync(socketFile, { force: true })
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // A client that goes away before its answer has lost interest in it.
    socket.on('error', () => socket.destroy())
    const reply = async (): Promise<void> => {
      const word = await text(socket)
      const command = COMMANDS.find((known) => known === word)
      if (command) socket.end(`${JSON.stringify(await answer(command))}\n`)
      else socket.destroy()
    }
    reply().catch(() => socket.destroy())
  })
  server.listen(socketFile)
  await once(server, 'listening')
  return server
}
