// The parts of `npm start` that need nothing else: secrets, notes, the door, keeping a process.

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../servers/ports.ts'
import { ServerProcess } from '../servers/server-process.ts'
import { closedFolderAbove } from '../servers/unprivileged.ts'
import { askSupervisor, openControl, type ControlAnswer } from './control.ts'
import { alwaysOpenOf } from './home.ts'
import { KeptProcess } from './kept-process.ts'
import { rotateLog } from './log-files.ts'
import { endLeftovers, writePidNote } from './pid-notes.ts'
import { keepSecrets } from './secrets.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'motu-launch-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const sleeper = (): ReturnType<typeof spawn> => spawn('sleep', ['60'], { stdio: 'ignore' })

describe('secrets', () => {
  it('are made once, for their owner only', () => {
    const file = join(dir, 'secrets.json')
    const made = keepSecrets(file)
    expect(keepSecrets(file)).toEqual(made)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(new Set(Object.values(made)).size).toBe(4)
  })

  it('are never half there: a damaged file is named', () => {
    const file = join(dir, 'secrets.json')
    writeFileSync(file, '{"internalSecret":"x"}')
    expect(() => keepSecrets(file)).toThrow(`${file} has no postgresPassword`)
  })
})

describe('a leftover process', () => {
  it('is ended by its note', async () => {
    const child = sleeper()
    const ended = once(child, 'exit')
    writePidNote(dir, 'home', child.pid!)
    expect(await endLeftovers(dir)).toEqual(['home'])
    await ended
    expect(readdirSync(dir)).toEqual([])
  })

  it('is left alone when its pid went to another program', async () => {
    const child = sleeper()
    writeFileSync(join(dir, 'home'), JSON.stringify({ pid: child.pid, started: 'long ago' }))
    expect(await endLeftovers(dir)).toEqual([])
    expect(child.exitCode).toBeNull()
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
})

describe('the door', () => {
  const answer: ControlAnswer = { pid: 1, url: 'http://x', home: 'in', problem: null }

  it('answers commands, and admits one supervisor', async () => {
    const file = join(dir, 'control.sock')
    expect(await askSupervisor(file, 'status')).toBeNull()
    const door = await openControl(file, (command) => Promise.resolve({ ...answer, url: command }))
    expect(await askSupervisor(file, 'out')).toEqual({ ...answer, url: 'out' })
    await expect(openControl(file, () => Promise.resolve(answer))).rejects.toThrow('already runs')
    door.close()
  })

  it('is opened anew where a killed supervisor left its socket', async () => {
    const file = join(dir, 'control.sock')
    const script = `require('node:net').createServer().listen(${JSON.stringify(file)}, () => process.kill(process.pid, 'SIGKILL'))`
    await once(spawn(process.execPath, ['--eval', script]), 'exit')
    expect(readdirSync(dir)).toEqual(['control.sock'])
    const door = await openControl(file, () => Promise.resolve(answer))
    expect(await askSupervisor(file, 'status')).toEqual(answer)
    door.close()
  })
})

describe('a kept process', () => {
  const keep = (script: string, said: string[]): KeptProcess => {
    const logFile = rotateLog(dir, 'child')
    const launch = (): ServerProcess =>
      new ServerProcess({ name: 'child', program: 'sh', args: ['-c', script], logFile })
    return new KeptProcess({
      name: 'child',
      pidsDir: dir,
      readyTimeoutMs: 5_000,
      launch,
      isReady: () => Promise.resolve(readFileSync(logFile, 'utf8').includes('ready')),
      say: (line) => said.push(line),
    })
  }
  const notedPid = (): number =>
    (JSON.parse(readFileSync(join(dir, 'child'), 'utf8')) as { pid: number }).pid

  it('is started again when it ends by itself, and not when it is turned off', async () => {
    const said: string[] = []
    const kept = keep('echo ready; sleep 60', said)
    await kept.turnOn()
    process.kill(notedPid(), 'SIGKILL')
    await until('the restart', () => said.length === 2, 5_000)
    expect(said[0]).toMatch(/^child ended \(SIGKILL\); starting it again in 0.5 s/)
    expect(said[1]).toBe('child runs again')
    await kept.turnOff()
    expect(said).toHaveLength(2)
    expect(readdirSync(dir)).toEqual(['child.log'])
  })

  it('fails its first start with the last words of its log', async () => {
    const kept = keep('echo the port is taken; exit 3', [])
    await expect(kept.turnOn()).rejects.toThrow(/exit code 3[^]*the port is taken/)
    expect(kept.isOn).toBe(false)
  })
})

it.each([
  [{}, '1'],
  [{ MOTU_FEED: '' }, '1'],
  [{ MOTU_FEED: 'replay' }, '1'],
  [{ MOTU_FEED: 'upbit' }, '0'],
  [{ MOTU_ALWAYS_OPEN: '0' }, '0'],
  [{ MOTU_ALWAYS_OPEN: '1', MOTU_FEED: 'upbit' }, '1'],
])('lets a replay trade around the clock: %j', (env, alwaysOpen) => {
  expect(alwaysOpenOf(env)).toBe(alwaysOpen)
})

it('knows the folder that keeps others out', () => {
  expect(closedFolderAbove(join(dir, 'data'))).toBe(dir)
})
