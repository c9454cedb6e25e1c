// The message an admin has before him: the text that counts, and what he has made of it so far.

import type { MessageTemplateDetail } from '@motu/shared/contract/message-templates.ts'
import { TEMPLATE_KEYS, type TemplateKey } from '@motu/shared/message-template.ts'
import type { Answer } from '#lib/http.ts'
import { Resource } from '#lib/resource.svelte.ts'
import type { TemplateApi } from './template-api.ts'

export class TemplateDraft {
  readonly stored: Resource<MessageTemplateDetail>
  readonly #api: Pick<TemplateApi, 'one' | 'change'>
  #key = $state<TemplateKey>(TEMPLATE_KEYS[0]!)
  /** Null: nothing was typed. */
  #typed = $state<string | null>(null)

  constructor(api: Pick<TemplateApi, 'one' | 'change'>) {
    this.#api = api
    this.stored = new Resource(() => api.one(this.#key))
  }

  get key(): TemplateKey {
    return this.#key
  }

  get text(): string {
    return this.#typed ?? this.stored.data?.content ?? ''
  }

  set text(text: string) {
    this.#typed = text
  }

  /** Something would be lost by leaving. */
  get isChanged(): boolean {
    return this.stored.data !== null && this.text !== this.stored.data.content
  }

  /** Forgets what was typed. */
  discard(): void {
    this.#typed = null
  }

  /** Takes another message up; what was typed is lost. */
  async open(key: TemplateKey): Promise<void> {
    this.#typed = null
    this.#key = key
    this.stored.clear()
    await this.stored.load()
  }

  /** Makes a text the one that counts. */
  async save(content: string): Promise<Answer<MessageTemplateDetail>> {
    const key = this.#key
    const typed = this.#typed
    const answer = await this.#api.change(key, content)
    if (!answer.ok || key !== this.#key) return answer
    this.stored.data = answer.data
    // What was typed while it was on its way stays.
    if (this.#typed === typed) this.#typed = null
    return answer
  }
}
