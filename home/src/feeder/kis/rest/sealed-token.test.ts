import { describe, expect, it } from 'vitest'
import { appKeyHash, openToken, sealToken } from './sealed-token.ts'

const keys = { appKey: 'PSabc', appSecret: 'a secret' }

describe('a sealed token', () => {
  it('is opened by who has the secret, and looks different each time', () => {
    const sealed = sealToken(keys, 'eyJtoken')
    expect(openToken(keys, sealed)).toBe('eyJtoken')
    expect(sealed).not.toContain('eyJtoken')
    expect(sealToken(keys, 'eyJtoken')).not.toBe(sealed)
  })

  it('stays shut for others, and when it was changed', () => {
    const sealed = sealToken(keys, 'eyJtoken')
    expect(openToken({ ...keys, appSecret: 'another' }, sealed)).toBeNull()
    expect(openToken({ ...keys, appKey: 'PSxyz' }, sealed)).toBeNull()
    const middle = sealed.length - 20
    const other = sealed[middle] === 'A' ? 'B' : 'A'
    expect(openToken(keys, sealed.slice(0, middle) + other + sealed.slice(middle + 1))).toBeNull()
    for (const text of ['', 'v1.', 'v1.AAAA', 'v2.AAAA']) expect(openToken(keys, text)).toBeNull()
  })

  it('is kept under a name that is not the key', () => {
    expect(appKeyHash('PSabc')).toMatch(/^[0-9a-f]{64}$/)
    expect(appKeyHash('PSabc')).not.toBe(appKeyHash('PSabd'))
  })
})
