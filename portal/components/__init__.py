"""The component house: pure functions over row values, each drawing in both renderers of `elements`.

elements   el, element, fragment, when, each, choose, icon, hard_link, trusted_html, plain_html, is_plain, render
people     face, faces, day_shape, stamp, icon_circle
chips      chip, chips, whole_family
links      button_link, download_button, button, icon_link, text_link, more_link, back_link
"""
