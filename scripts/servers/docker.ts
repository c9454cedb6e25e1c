// The last resort for a test's server: a container on a free loopback port, removed when it stops.

import { execFileSync, spawnSync } from 'node:child_process'
import { until } from './ports.ts'

const READY_TIMEOUT_MS = 120_000

export type DockerImage = {
  image: string
  /** The server's port inside the container. */
  port: number
  env: Readonly<Record<string, string>>
}

/** Whether a Docker engine runs (the command alone is not enough). */
export const isDockerThere = (): boolean =>
  spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0

/** Starts the image; `url` is its default address, whose port is replaced by the one given. */
export async function dockerServer(
  url: string,
  { image, port, env }: DockerImage,
  answers: (url: string) => Promise<boolean>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const settings = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const publish = ['--publish', `127.0.0.1::${port}`]
  const id = docker(['run', '--detach', '--rm', ...publish, ...settings, image])
  const stop = (): Promise<void> => {
    docker(['rm', '--force', id])
    return Promise.resolve()
  }
  const address = docker(['port', id, String(port)])
  const published = url.replace(`127.0.0.1:${port}`, address)
  try {
    await until(`starting ${image}`, () => answers(published), READY_TIMEOUT_MS)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: published, stop }
}

const docker = (args: readonly string[]): string =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
