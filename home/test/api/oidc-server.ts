// An OIDC provider of a test's own: a real one, on this machine. Whoever comes is let in as the
// person a test says, or turned away.

import { createServer, type Server } from 'node:http'
import { Provider } from 'oidc-provider'

export const CLIENT_ID = 'motu-of-the-tests'
export const CLIENT_SECRET = 'a secret between motu and the provider'

export type Person = { subject: string; claims?: Record<string, string> }

export class OidcServer {
  /** Who sits at the browser; null says no. */
  person: Person | null = null
  readonly issuer: string
  readonly #server: Server

  private constructor(server: Server, issuer: string) {
    this.#server = server
    this.issuer = issuer
  }

  /** `ids`: what it is called where browsers are sent back to. */
  static async start(origin: string, ids: readonly string[]): Promise<OidcServer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const oidc = new OidcServer(server, `http://127.0.0.1:${port}`)
    oidc.#serve(ids.map((id) => `${origin}/api/v1/auth/oidc/${id}/callback`))
    return oidc
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(redirectUris: string[]): void {
    const known = new Map<string, Person>()
    const provider: Provider = new Provider(this.issuer, {
      clients: [
        { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: redirectUris },
      ],
      claims: { openid: ['sub'], profile: ['name', 'nickname', 'preferred_username'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      pkce: { required: () => true },
      findAccount: (_, accountId) => ({
        accountId,
        claims: () => ({ sub: accountId, ...known.get(accountId)?.claims }),
      }),
      // Nobody is asked whether he agrees.
      async loadExistingGrant({ oidc }) {
        const { client, session } = oidc
        const grant = new provider.Grant({
          clientId: client!.clientId,
          accountId: session!.accountId!,
        })
        grant.addOIDCScope('openid profile')
        await grant.save()
        return grant
      },
    })
    const answer = provider.callback()
    this.#server.on('request', (request, response) => {
      if (!request.url?.startsWith('/interaction/')) {
        void answer(request, response)
        return
      }
      const { person } = this
      if (person) known.set(person.subject, person)
      const result = person ? { login: { accountId: person.subject } } : { error: 'access_denied' }
      void provider.interactionFinished(request, response, result)
    })
  }
}

/** Follows a provider's redirects as a new browser would, until it is sent away; answers where to. */
export async function visit(authorizationUrl: string): Promise<URL> {
  const cookies = new Map<string, string>()
  const { origin } = new URL(authorizationUrl)
  for (let url = new URL(authorizationUrl), hops = 0; hops < 10; hops += 1) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`the provider answered ${answer.status}`)
    url = new URL(location, url)
    if (url.origin !== origin) return url
  }
  throw new Error('the provider sends the browser in circles')
}
