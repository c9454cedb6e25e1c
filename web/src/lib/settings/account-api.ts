// The API of one's own account in the words of the settings page: one method a call.

import type { ApiKeyList, CreatedApiKey } from '@motu/shared/contract/api-keys.ts'
import type { ChatService } from '@motu/shared/channel-link.ts'
import type { ChannelLinks, LinkCode } from '@motu/shared/contract/channel-links.ts'
import type { Scope } from '@motu/shared/contract/access.ts'
import type { Profile } from '@motu/shared/contract/auth.ts'
import type { Identities, Link, Providers } from '@motu/shared/contract/oidc.ts'
import type { Passkey } from '@motu/shared/contract/passkeys.ts'
import type { Session } from '@motu/shared/contract/sessions.ts'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import type { Api } from '#lib/api.ts'
import type { Answer, HttpMethod } from '#lib/http.ts'

const PREFIX = '/api/v1'

export type NewApiKey = {
  name: string
  scopes: Scope[]
  allowed_networks: string[]
  quota_per_minute: number
  expires_at?: string
}

export class AccountApi {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  profile(): Promise<Answer<Profile>> {
    return this.#send('GET', '/users/me')
  }

  changeNickname(nickname: string): Promise<Answer<Profile>> {
    return this.#send('PATCH', '/users/me', { nickname })
  }

  changePassword(body: {
    current_password?: string
    new_password: string
  }): Promise<Answer<undefined>> {
    return this.#send('POST', '/users/me/password', body)
  }

  sessions(): Promise<Answer<{ sessions: Session[] }>> {
    return this.#send('GET', '/auth/sessions')
  }

  endSession(id: string): Promise<Answer<undefined>> {
    return this.#send('DELETE', `/auth/sessions/${id}`)
  }

  endOtherSessions(): Promise<Answer<undefined>> {
    return this.#send('DELETE', '/auth/sessions')
  }

  apiKeys(): Promise<Answer<ApiKeyList>> {
    return this.#send('GET', '/api-keys')
  }

  createApiKey(key: NewApiKey): Promise<Answer<CreatedApiKey>> {
    return this.#send('POST', '/api-keys', key)
  }

  rotateApiKey(id: string, graceSeconds: number): Promise<Answer<CreatedApiKey>> {
    return this.#send('POST', `/api-keys/${id}/rotate`, { grace_seconds: graceSeconds })
  }

  revokeApiKey(id: string): Promise<Answer<undefined>> {
    return this.#send('DELETE', `/api-keys/${id}`)
  }

  providers(): Promise<Answer<Providers>> {
    return this.#send('GET', '/auth/providers')
  }

  passkeys(): Promise<Answer<{ passkeys: Passkey[] }>> {
    return this.#send('GET', '/auth/passkeys')
  }

  passkeyOptions(): Promise<Answer<PublicKeyCredentialCreationOptionsJSON>> {
    return this.#send('POST', '/auth/passkeys/options')
  }

  addPasskey(name: string, credential: RegistrationResponseJSON): Promise<Answer<Passkey>> {
    return this.#send('POST', '/auth/passkeys', { name, credential })
  }

  removePasskey(id: string): Promise<Answer<undefined>> {
    return this.#send('DELETE', `/auth/passkeys/${id}`)
  }

  identities(): Promise<Answer<Identities>> {
    return this.#send('GET', '/auth/identities')
  }

  /** Begins linking: the browser goes to the address in the answer. */
  link(provider: string): Promise<Answer<Link>> {
    return this.#send('POST', `/auth/oidc/${provider}/link`)
  }

  unlink(provider: string): Promise<Answer<undefined>> {
    return this.#send('DELETE', `/auth/identities/${provider}`)
  }

  chatLinks(): Promise<Answer<ChannelLinks>> {
    return this.#send('GET', '/channel-links')
  }

  makeLinkCode(mayTrade: boolean): Promise<Answer<LinkCode>> {
    return this.#send('POST', '/channel-links/codes', { may_trade: mayTrade })
  }

  endChatLink(service: ChatService): Promise<Answer<undefined>> {
    return this.#send('DELETE', `/channel-links/${service}`)
  }

  #send<T>(method: HttpMethod, path: string, body?: unknown): Promise<Answer<T>> {
    return this.#api.signed({ method, path: PREFIX + path, body })
  }
}
