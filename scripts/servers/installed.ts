// Server programs of this machine: found, or installed by Debian's package manager when we are root.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { RABBITMQ_SCRIPTS } from './rabbitmq.ts'
import { isRoot } from './unprivileged.ts'

const CHROMIUM_PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Path of redis-server. */
export const installRedis = (): Promise<string> =>
  findOrInstall('Redis', ['redis-server'], () => inPath('redis-server'))

/** Path of RabbitMQ's start script (not the wrapper in PATH, which changes the user). */
export const installRabbitmq = (): Promise<string> =>
  findOrInstall('RabbitMQ', ['rabbitmq-server'], () => RABBITMQ_SCRIPTS.find(existsSync))

/** Path of Chromium, or of another browser that takes its options; with a font for Korean. */
export const installChromium = (): Promise<string> =>
  findOrInstall(
    'Chromium',
    ['chromium', 'fonts-noto-cjk'],
    () => process.env.MOTU_CHROMIUM ?? CHROMIUM_PROGRAMS.map(inPath).find(Boolean),
  )

/** Looks in the environment's PATH and where Debian keeps system programs. */
function inPath(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, program)).find(existsSync)
}

async function findOrInstall(
  name: string,
  packages: readonly string[],
  find: () => string | undefined,
): Promise<string> {
  const found = find()
  if (found !== undefined) return found
  if (isRoot() && inPath('apt-get') !== undefined) {
    aptGet(['update'])
    aptGet(['install', '--yes', '--no-install-recommends', ...packages])
    const installed = find()
    if (installed !== undefined) return installed
  }
  throw new NotInstalled(name, packages)
}

export class NotInstalled extends Error {
  constructor(name: string, packages: readonly string[]) {
    super(
      `${name} is not installed. On Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}`,
    )
  }
}

function aptGet(args: readonly string[]): void {
  const result = spawnSync('apt-get', ['-qq', ...args], {
    // RUNLEVEL=1: packages are installed without starting their service; tests start their own.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (result.error) throw result.error
  if (result.status !== 0) throw new Error(`apt-get ${args.join(' ')} failed (${result.status})`)
}
