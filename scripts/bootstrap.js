// What every command does first, on whatever Node (18 or newer) the machine has: installs what is
// missing, then goes on in the Node that the project pins (the npm package `node`).

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const LOCK_FILE = join(ROOT, 'package-lock.json')
/** npm writes this file last, so an interrupted installation does not count as one. */
const INSTALLED_FILE = join(ROOT, 'node_modules/.package-lock.json')
const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
/** The launcher is gone when the process that started it is: looked at this often. */
const PARENT_CHECK_MS = 200

/** Runs `npm ci` unless node_modules holds exactly what the lock file names. */
export function installMissing() {
  if (isInstalled()) return
  console.log('Installing packages with npm ci (only now, and when package-lock.json changes) …')
  // npm says where its own program lies; on its own, `npm` would be another program on Windows.
  const npm = process.env.npm_execpath
  const [program, before] = npm ? [process.execPath, [npm]] : ['npm', []]
  // Warnings would speak of the Node that runs npm, which is not the one that runs the packages.
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error']
  const result = spawnSync(program, [...before, 'ci', ...quietly], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (result.error) throw result.error
  if (result.status !== 0) {
    console.error('npm ci failed: its message is above. Nothing was started.')
    process.exit(1)
  }
}

function isInstalled() {
  if (!existsSync(INSTALLED_FILE)) return false
  const wanted = readPackages(LOCK_FILE)
  const installed = readPackages(INSTALLED_FILE)
  return Object.entries(wanted).every(([path, entry]) => {
    const mayBeMissing = entry.optional || entry.devOptional || entry.peer
    if (!path.includes('node_modules/') || mayBeMissing) return true
    return installed[path]?.version === entry.version
  })
}

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} Entry
 * @param {string} file
 * @returns {Record<string, Entry>}
 */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/** The pinned Node's binary. The package puts it into its own folder when it is installed. */
export function pinnedNode() {
  const places = [
    join(ROOT, 'node_modules/node/bin/node'),
    join(ROOT, `node_modules/node-${process.platform}-${process.arch}/bin/node`),
  ]
  const found = places.find((place) => existsSync(place))
  if (found) return found
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  console.error(
    'Node 24 is not in node_modules: npm did not run the install script of the package "node".\n' +
      'Run: npm rebuild node',
  )
  return process.exit(1)
}

/**
 * Goes on in the pinned Node. Signals go on to it, its exit becomes ours. When whoever started us
 * is killed, the program is asked to stop: nothing runs that nobody can see.
 *
 * @param {readonly string[]} args
 */
export function continueInPinnedNode(args) {
  const node = pinnedNode()
  const path = `${join(ROOT, 'node_modules/.bin')}:${dirname(node)}:${process.env.PATH}`
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, PATH: path } })
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal))
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, PARENT_CHECK_MS)
  child.once('error', (error) => {
    console.error(`${node} could not be started: ${error.message}`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => {
    clearInterval(watch)
    if (code !== null) process.exit(code)
    for (const forwarded of FORWARDED) process.removeAllListeners(forwarded)
    process.kill(process.pid, signal ?? 'SIGKILL')
  })
}
