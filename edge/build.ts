// Builds the edge for self-hosted workerd: bundles the workers, and writes their configuration.
//
//   node edge/build.ts [folder]          everything else comes from the environment

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { listAssets } from './asset-list.ts'
import { copyDocsPage } from './docs-page.ts'
import { parseNetworks } from './src/networks.ts'

export const COMPATIBILITY_DATE = '2026-10-23'

const ROOT = resolve(import.meta.dirname, '..')
const WORKERD_DIR = join(ROOT, 'ops/workerd')

export type EdgeBuildOptions = {
  /** Where the bundles and the configuration go. */
  outDir: string
  /** The durable objects' disk: the outbox lives there. */
  objectsDir: string
  host?: string
  port?: number
  /** Home's API, without a trailing slash. */
  homeUrl?: string
  queuePrefix?: string
  allowedOrigins?: string
  /** Networks (CIDR) whose X-Forwarded-For counts, with commas between; empty for the private ones. */
  trustedProxies?: string
  version?: string
  /** The web app's build; may be missing. */
  webDir?: string
}

export type EdgeBuild = { configFile: string }

/** Bundles the edge and writes `config.capnp` beside it. Secrets are read when workerd starts. */
export async function buildEdge(options: EdgeBuildOptions): Promise<EdgeBuild> {
  const { outDir, objectsDir, host = '127.0.0.1', port = 8787 } = options
  const trustedProxies = networksText(options.trustedProxies ?? '')
  const webDir = resolve(options.webDir ?? join(ROOT, 'web/build'))
  await mkdir(outDir, { recursive: true })
  await mkdir(objectsDir, { recursive: true })
  // workerd refuses to start without the folder; the page then says that it is not built.
  await mkdir(webDir, { recursive: true })
  await copyDocsPage(webDir)
  await bundle(join(ROOT, 'edge/src/index.ts'), join(outDir, 'edge.js'))
  const plugins = [assetListPlugin(webDir)]
  await bundle(join(WORKERD_DIR, 'assets.ts'), join(outDir, 'assets.js'), plugins)
  return writeConfig('edge.capnp', outDir, {
    ADDRESS: `${host}:${port}`,
    ALLOWED_ORIGINS: options.allowedOrigins ?? '',
    COMPATIBILITY_DATE,
    HOME_URL: options.homeUrl ?? 'http://127.0.0.1:8788',
    OBJECTS_DIR: resolve(objectsDir),
    QUEUE_PREFIX: options.queuePrefix ?? '',
    TRUSTED_PROXIES: trustedProxies,
    VERSION: options.version ?? (await packageVersion()),
    WEB_DIR: webDir,
  })
}

/** Builds the bare worker that the benchmarks measure beside. */
export async function buildHello(options: {
  outDir: string
  host?: string
  port: number
}): Promise<EdgeBuild> {
  const { outDir, host = '127.0.0.1', port } = options
  await mkdir(outDir, { recursive: true })
  await bundle(join(WORKERD_DIR, 'hello.ts'), join(outDir, 'hello.js'))
  return writeConfig('hello.capnp', outDir, { ADDRESS: `${host}:${port}`, COMPATIBILITY_DATE })
}

async function bundle(entry: string, outfile: string, plugins: Plugin[] = []): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    // amqplib is CommonJS and asks for Node's modules with `require`, which a module has to make.
    banner: {
      js: "import { createRequire } from 'node:module'\nconst require = createRequire('/')",
    },
    plugins,
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'warning',
  })
}

function assetListPlugin(webDir: string): Plugin {
  return {
    name: 'asset-list',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^motu:asset-list$/ }, ({ path }) => ({ path, namespace: 'motu' }))
      onLoad({ filter: /.*/, namespace: 'motu' }, async () => ({
        contents: JSON.stringify(await listAssets(webDir)),
        loader: 'json',
      }))
    },
  }
}

/** Fills a template in. Every value becomes a quoted text of Cap'n Proto. */
async function writeConfig(
  template: string,
  outDir: string,
  values: Readonly<Record<string, string>>,
): Promise<EdgeBuild> {
  const text = await readFile(join(WORKERD_DIR, template), 'utf8')
  const filled = text.replaceAll(/@([A-Z_]+)@/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${template}: nothing to fill ${name} with`)
    return JSON.stringify(value)
  })
  const configFile = join(outDir, 'config.capnp')
  await writeFile(configFile, filled)
  return { configFile }
}

/** The setting as it is; a typing error ends the start, instead of trusting whom nobody meant. */
function networksText(text: string): string {
  try {
    parseNetworks(text)
  } catch (error) {
    throw new Error(`MOTU_TRUSTED_PROXIES is no list of networks: ${text}`, { cause: error })
  }
  return text
}

async function packageVersion(): Promise<string> {
  const text = await readFile(join(ROOT, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

if (import.meta.main) {
  const { env, argv } = process
  const { configFile } = await buildEdge({
    outDir: resolve(argv[2] ?? join(ROOT, 'edge/dist')),
    objectsDir: resolve(env.MOTU_OBJECTS_DIR ?? join(ROOT, '.motu/edge')),
    host: env.MOTU_HOST ?? '127.0.0.1',
    port: Number.parseInt(env.MOTU_PORT ?? '8787', 10),
    homeUrl: env.MOTU_HOME_URL ?? 'http://127.0.0.1:8788',
    queuePrefix: env.MOTU_QUEUE_PREFIX ?? '',
    allowedOrigins: env.MOTU_ALLOWED_ORIGINS ?? '',
    trustedProxies: env.MOTU_TRUSTED_PROXIES ?? '',
  })
  console.log(`workerd serve ${configFile}`)
}
