"""The tea house asks: with answers that come back in later words, a drawn order, and a quota."""

from __future__ import annotations

from typing import Final

from peakend_web.asking.actions import publish_survey
from peakend_web.models import Survey
from tests.web.conftest import Clinic, service

TEA_HOUSE: Final = """
service: tea-house
title: {en: Tea house, zh-Hant: 茶館, zh-Hans: 茶馆}
languages: [en, zh-Hant, zh-Hans]
surveys:
  - id: table
    title: {en: At the table, zh-Hant: 桌邊, zh-Hans: 桌边}
    shuffle: [[taste, warmth, price]]
    quotas: [{id: tea-drinkers, when: {item: drink, chosen: [tea]}, at_most: 2}]
    items:
      - id: drink
        kind: single_choice
        shuffle: true
        wording: {en: What did you drink?, zh-Hant: 您喝了什麼？, zh-Hans: 您喝了什么？}
        options:
          - {id: tea, title: {en: Tea, zh-Hant: 茶, zh-Hans: 茶}}
          - {id: coffee, title: {en: Coffee & <b>milk</b>, zh-Hant: 咖啡, zh-Hans: 咖啡}}
          - {id: juice, title: {en: Juice, zh-Hant: 果汁, zh-Hans: 果汁}}
          - {id: other, fixed: true, title: {en: Something else, zh-Hant: 其他, zh-Hans: 其他}}
      - {id: taste, kind: rating, required: true,
         wording: {en: 'How did your {drink|drink} taste?', zh-Hant: '您的{drink|飲料}味道如何？', zh-Hans: '您的{drink|饮料}味道如何？'}}
      - {id: warmth, kind: rating, wording: {en: Was it warm?, zh-Hant: 夠熱嗎？, zh-Hans: 够热吗？}}
      - {id: price, kind: rating, wording: {en: Was it worth it?, zh-Hant: 值得嗎？, zh-Hans: 值得吗？}}
      - {id: cups, kind: number, wording: {en: How many cups?, zh-Hant: 喝了幾杯？, zh-Hans: 喝了几杯？}}
      - id: why
        kind: text
        show_if: {item: taste, at_most: 2}
        wording: {en: 'What was wrong with {cups} of {drink}?', zh-Hant: '{cups}的{drink}哪裡不好？', zh-Hans: '{cups}的{drink}哪里不好？'}
"""  # noqa: E501


def tea_survey(clinic: Clinic, text: str = TEA_HOUSE) -> Survey:
    """Out at Sam's tea house."""
    return publish_survey(actor=clinic.sam, service=service(clinic.elsewhere, text, clinic.sam), item="table")
