// The edge as a child: built (some 0.2 s), then served by workerd.

import workerd from 'workerd'
import { buildEdge } from '../../edge/build.ts'
import { ServerProcess } from '../servers/server-process.ts'
import { type Backing } from './backing.ts'
import { answersOk } from './home.ts'
import { KeptProcess } from './kept-process.ts'
import { rotateLog } from './log-files.ts'
import { type Places } from './places.ts'
import { WEB_BUILD } from './web-build.ts'

const READY_TIMEOUT_MS = 15_000

type Context = {
  places: Places
  backing: Backing
  port: number
  homeUrl: string
  internalSecret: string
  say: (line: string) => void
}

/** Builds the edge; it is not yet started. */
export async function edgeProcess(context: Context): Promise<KeptProcess> {
  const { places, backing, port, homeUrl, internalSecret, say } = context
  const { configFile } = await buildEdge({
    outDir: places.edgeDir,
    objectsDir: places.objectsDir,
    port,
    homeUrl,
    queuePrefix: backing.queuePrefix,
    webDir: WEB_BUILD,
  })
  const logFile = rotateLog(places.logsDir, 'edge')
  const env = {
    ...process.env,
    MOTU_AMQP_URL: backing.amqpUrl ?? '',
    MOTU_INTERNAL_SECRET: internalSecret,
  }
  return new KeptProcess({
    name: 'edge',
    pidsDir: places.pidsDir,
    readyTimeoutMs: READY_TIMEOUT_MS,
    launch: () =>
      new ServerProcess({
        name: 'edge',
        program: workerd.default,
        args: ['serve', configFile],
        env,
        logFile,
      }),
    isReady: () => answersOk(`http://127.0.0.1:${port}/api/v1/status`),
    say,
  })
}
