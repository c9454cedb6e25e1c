// A home just big enough for a benchmark of the edge: it publishes the key that verifies its tokens,
// vouches for the API keys it gave out, answers the health question, and holds the Hub's upstream
// socket.

import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  ACCESS_TOKEN_SECONDS,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPE,
} from '@motu/shared/access-token.ts'
import { makeApiKey, secretHash } from '@motu/shared/api-key.ts'
import { type VerifiedKey, verifyKeySchema } from '@motu/shared/api-key-calls.ts'
import type { HomeFrame, HubFrame } from '@motu/shared/upstream.ts'
import { SignJWT } from 'jose'
import { type WebSocket, WebSocketServer } from 'ws'

const KEY_ID = 'bench'
/** More than anyone sends. */
const AMPLE_QUOTA_PER_MINUTE = 1e9

export class StandInHome {
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #privateKey: KeyObject
  readonly #keySet: string
  /** What its API keys stand for, by the hash of their text. */
  readonly #apiKeys = new Map<string, VerifiedKey>()
  #keyQuestions = 0

  private constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    this.#privateKey = privateKey
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig' }
    this.#keySet = JSON.stringify({ keys: [{ ...jwk, alg: TOKEN_ALGORITHM }] })
    this.#server = createServer((request, response) => void this.#answer(request, response))
    this.#server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (hub) => this.#greet(hub))
    })
  }

  static async start(): Promise<StandInHome> {
    const home = new StandInHome()
    await new Promise<void>((resolve) => home.#server.listen(0, '127.0.0.1', resolve))
    return home
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Hubs that are connected. */
  get hubs(): number {
    return this.#sockets.clients.size
  }

  /** How often it was asked about an API key. */
  get keyQuestions(): number {
    return this.#keyQuestions
  }

  /** To every Hub. */
  send(frame: HomeFrame): void {
    const text = JSON.stringify(frame)
    for (const hub of this.#sockets.clients) hub.send(text)
  }

  /** A user's access token, as home signs it. */
  signToken(userId: string): Promise<string> {
    return new SignJWT({ sid: randomUUID(), role: 'USER' })
      .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid: KEY_ID })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
      .sign(this.#privateKey)
  }

  /** A new API key that may trade for a user. */
  giveApiKey(userId: string): { keyId: string; text: string } {
    const made = makeApiKey(randomBytes)
    this.#apiKeys.set(secretHash(made.text), {
      ...{ user_id: userId, role: 'USER', scopes: ['trade'] },
      ...{ allowed_networks: [], expires_at: null, quota_per_minute: AMPLE_QUOTA_PER_MINUTE },
    })
    return made
  }

  async stop(): Promise<void> {
    for (const hub of this.#sockets.clients) hub.terminate()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // What was not read would stay in the way of the connection's next request.
    const body = await text(request)
    response.setHeader('content-type', 'application/json')
    if (request.url === '/internal/health') {
      response.end(JSON.stringify({ ok: true, home_ms: Date.now() }))
    } else if (request.url === '/internal/keys') {
      response.end(this.#keySet)
    } else if (request.url === '/internal/api-keys/verify') {
      this.#keyQuestions += 1
      const known = this.#apiKeys.get(verifyKeySchema.parse(JSON.parse(body)).secret_sha256)
      response.writeHead(known ? 200 : 404).end(JSON.stringify(known ?? {}))
    } else if (request.url === '/internal/api-keys/usage') {
      response.writeHead(204).end()
    } else {
      response.writeHead(404).end('{}')
    }
  }

  #greet(hub: WebSocket): void {
    hub.on('message', (data) => {
      const frame = JSON.parse(String(data)) as HubFrame
      if (frame.t !== 'ping') return
      const pong: HomeFrame = { t: 'pong', edge_ms: frame.edge_ms, home_ms: Date.now() }
      hub.send(JSON.stringify(pong))
    })
    hub.on('error', (error) => process.stderr.write(`stand-in home: ${error.message}\n`))
  }
}
