// A RabbitMQ of our own, apart from any other on the machine: own node name, ports, data, cookie and
// name server (epmd). The script is called where it is installed: the one in PATH changes the user.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import amqp from 'amqplib'
import { freePort, isListening } from './ports.ts'
import { ServerProcess } from './server-process.ts'

/** Debian's folder; the first that exists is used. */
export const RABBITMQ_SCRIPTS = [
  '/usr/lib/rabbitmq/bin/rabbitmq-server',
  '/usr/local/sbin/rabbitmq-server',
  '/opt/homebrew/sbin/rabbitmq-server',
  '/opt/rabbitmq/sbin/rabbitmq-server',
] as const

const READY_TIMEOUT_MS = 60_000
const NAME_SERVER_TIMEOUT_MS = 5_000

export type RabbitmqOptions = { script: string; dir: string; port: number; logFile: string }

/** What every start of one node shares: its ports and its folder. */
export type RabbitmqNode = RabbitmqOptions & { env: NodeJS.ProcessEnv; nameServer: ServerProcess }

/** Prepares a node: configuration, folders, and its epmd, which outlives restarts of the node. */
export async function makeRabbitmqNode(options: RabbitmqOptions): Promise<RabbitmqNode> {
  mkdirSync(options.dir, { recursive: true })
  const configFile = join(options.dir, 'rabbitmq.conf')
  const pluginsFile = join(options.dir, 'enabled_plugins')
  writeFileSync(
    configFile,
    [
      `listeners.tcp.local = 127.0.0.1:${options.port}`,
      // The default (50 MB per machine, 40 % of memory) suits a machine of its own.
      'disk_free_limit.absolute = 50MB',
      'vm_memory_high_watermark.absolute = 1GB',
    ].join('\n') + '\n',
  )
  writeFileSync(pluginsFile, '[].\n')
  const nameServerPort = await freePort()
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    // The Erlang cookie lies in the home folder: a cookie of its own is a cluster of its own.
    HOME: options.dir,
    ERL_EPMD_PORT: String(nameServerPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `motu_${options.port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(options.port),
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: configFile,
    RABBITMQ_ENABLED_PLUGINS_FILE: pluginsFile,
    RABBITMQ_MNESIA_BASE: join(options.dir, 'data'),
    RABBITMQ_LOG_BASE: join(options.dir, 'log'),
    // The script then becomes the server instead of waiting beside it: its pid is the server's.
    RUNNING_UNDER_SYSTEMD: 'true',
  }
  const nameServer = new ServerProcess({
    name: 'epmd',
    program: 'epmd',
    args: ['-port', String(nameServerPort), '-address', '127.0.0.1'],
    env,
    logFile: options.logFile,
  })
  await nameServer.ready(() => isListening(nameServerPort), NAME_SERVER_TIMEOUT_MS)
  return { ...options, env, nameServer }
}

/** Starts the node, for the first time or again, and waits until it takes a channel. */
export async function startRabbitmq(node: RabbitmqNode): Promise<ServerProcess> {
  const server = new ServerProcess({
    name: 'RabbitMQ',
    program: node.script,
    args: [],
    env: node.env,
    cwd: node.dir,
    logFile: node.logFile,
  })
  await server.ready(() => takesChannel(rabbitmqUrl(node.port)), READY_TIMEOUT_MS)
  return server
}

export const rabbitmqUrl = (port: number): string => `amqp://guest:guest@127.0.0.1:${port}`

/** Whether a RabbitMQ takes this URL's user and opens a channel. */
export async function takesChannel(url: string): Promise<boolean> {
  try {
    const connection = await amqp.connect(url, { timeout: 3_000 })
    connection.on('error', () => {})
    await connection.createChannel()
    await connection.close()
    return true
  } catch {
    return false
  }
}
