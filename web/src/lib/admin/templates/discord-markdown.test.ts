import { DISCORD, renderTemplate } from '@motu/shared/render-template.ts'
import { expect, it } from 'vitest'
import { discordPieces } from './discord-markdown.ts'

it.each([
  ['그냥 글', ['그냥 글']],
  ['**굵게** 보통', [{ mark: 'strong', pieces: ['굵게'] }, ' 보통']],
  ['__**둘**__', [{ mark: 'u', pieces: [{ mark: 'strong', pieces: ['둘'] }] }]],
  ['*a* _b_ ~~c~~', [mark('em', 'a'), ' ', mark('em', 'b'), ' ', mark('s', 'c')]],
  ['`**a**`', [mark('code', '**a**')]],
  [String.raw`\*a\* CRYPTO\-COIN`, ['*a* CRYPTO-COIN']],
  [String.raw`**a\*\*b**`, [mark('strong', 'a**b')]],
  ['volume_king_name 2 * 3 * 4', ['volume_king_name 2 * 3 * 4']],
  ['**open', ['**open']],
  ['', []],
])('%s is shown as Discord does', (text, pieces) => {
  expect(discordPieces(text)).toEqual(pieces)
})

it('shows what a user chose as he wrote it', () => {
  const nickname = '**_a_** ~~`b`~~ \\ <c> [d](e) #f -g |h|'
  const template = { key: 'bailout_processed', content: '{nickname}' } as const
  expect(discordPieces(renderTemplate(template, { nickname }, DISCORD))).toEqual([nickname])
})

function mark(name: string, text: string) {
  return { mark: name, pieces: [text] }
}
