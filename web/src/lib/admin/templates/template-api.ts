// The texts of messages, as an admin's page asks for them: one method a call.

import type {
  MessageTemplate,
  MessageTemplateDetail,
} from '@motu/shared/contract/message-templates.ts'
import type { TemplateKey } from '@motu/shared/message-template.ts'
import type { Api } from '#lib/api.ts'
import type { Answer } from '#lib/http.ts'

const TEMPLATES = '/api/v1/admin/templates'

export class TemplateApi {
  readonly #api: Pick<Api, 'signed'>

  constructor(api: Pick<Api, 'signed'>) {
    this.#api = api
  }

  all(): Promise<Answer<{ templates: MessageTemplate[] }>> {
    return this.#api.signed({ method: 'GET', path: TEMPLATES })
  }

  one(key: TemplateKey): Promise<Answer<MessageTemplateDetail>> {
    return this.#api.signed({ method: 'GET', path: `${TEMPLATES}/${key}` })
  }

  change(key: TemplateKey, content: string): Promise<Answer<MessageTemplateDetail>> {
    return this.#api.signed({ method: 'PUT', path: `${TEMPLATES}/${key}`, body: { key, content } })
  }
}
