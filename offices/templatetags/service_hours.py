from django import template

from offices.service_hours import hours_in_words

register = template.Library()

register.simple_tag(hours_in_words, name="office_hours")
