"""The component house: pure functions over row values, each drawing in both renderers of `elements`.

elements      el, element, fragment, when, each, choose, icon, hard_link, trusted_html
              plain_html, is_plain, render
shell         frame (the whole page), page_head, top_bar, dock, member_switcher, footer, brand_mark
account_menu  account_menu
states        takeover (live page, first view, skeleton), loading, reconnecting, could_not_load, not_found
people        face, faces, day_shape, stamp, icon_circle
chips         chip, chips, whole_family
links         button_link, download_button, button, icon_link, more_link, back_link
rows          section, rows, card, dots, session_row, line_item, link_row, facts, details
split         split (a list and one of its things opened)
copying       copy_button
money         due_card, figure, copy_line
ticket        ticket, tickets
bookings      term_strip, term_key, booking_row, open_booking_row, any_booking_row
benefits      pass_card, tile, tiles, nudge (movements of the credit are rows.line_item)
agenda        agenda, slot, week_strip, month_grid
histories     benefit_row, make_up_row, history, unfolding
tabs          segments, jumps, pills
notes         shared_note, alert, toast, toasts, empty, empty_sign
forms         field, error_line, code_field, consent_options, full_text
login         login_frame
"""
