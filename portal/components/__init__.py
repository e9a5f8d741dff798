"""The component house: pure functions over row values, each drawing in both renderers of `elements`.

elements      el, element, fragment, when, each, choose, icon, hard_link, trusted_html
              plain_html, is_plain, render
attributes    starts_unknown, checked_href, html_attributes, react_attributes (for elements alone)
shell         frame (the whole page), page_head, top_bar, dock, member_switcher, footer, brand_mark
account_menu  account_menu
states        takeover (live page, first view, skeleton), beside_first_view, first_view_slot
              loading, reconnecting, could_not_load, not_found
takeover      part, held_rows, live (how the live page takes over its first view)
storage       storage_for_frames
early_presses early_presses (what is pressed before the script is there)
styles        the stylesheets
people        face, faces, day_shape, stamp, icon_circle
chips         chip, chips, whole_family
links         button_link, download_button, button, icon_link, more_link, back_link
rows          section, rows, card, dots, session_row, line_item, link_row, facts, details
split         split (a list and one of its things opened)
copying       copy_button, copy_from
money         due_card, figure, copy_line
bank_transfer bank_transfer, transfer_of_all
pay_online    pay_online, told
downloads     document_facts, document_buttons
ticket        ticket, tickets
bookings      term_strip, term_key, booking_row, open_booking_row, any_booking_row
benefits      pass_card, tile, tiles, nudge (movements of the credit are rows.line_item)
agenda        agenda, slot, week_strip, month_grid
histories     benefit_row, make_up_row, history, unfolding
tabs          segments, jumps, pills
notes         shared_note, alert, toast, toasts, empty, empty_sign
forms         field, error_line, code_field, radio, tick, consent_options, full_text
sheet         sheet, refusal
choosing      choice_days, pressed_group (what a sheet lets choose)
going         going_buttons, cancel_question, cancel_answers
login         login_frame
"""
