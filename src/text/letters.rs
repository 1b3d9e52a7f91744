//! Classes of Arabic-script letters.

/// Whether `c` is a letter of the Arabic script, presentation forms too.
pub(crate) const fn is_arabic_letter(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' | '\u{66E}' | '\u{66F}' | '\u{671}'..='\u{6D3}'
        | '\u{6D5}' | '\u{6EE}' | '\u{6EF}' | '\u{6FA}'..='\u{6FC}' | '\u{6FF}' | '\u{750}'..='\u{77F}'
        | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDF9}' | '\u{FE80}'..='\u{FEFC}')
}

/// Whether `c` is a letter that joins the letter after it, so that a ZWNJ
/// between the two can be seen.
pub(crate) const fn joins_next(c: char) -> bool {
    is_arabic_letter(c)
        && !matches!(c, 'ا' | 'آ' | 'أ' | 'إ' | 'ٱ' | 'د' | 'ذ' | 'ر' | 'ز' | 'ژ' | 'و' | 'ؤ' | 'ة' | 'ء'
            | '\u{672}'..='\u{677}' | '\u{688}'..='\u{690}' | '\u{691}'..='\u{699}' | '\u{6C0}'
            | '\u{6C3}'..='\u{6CB}' | '\u{6CD}' | '\u{6CF}' | '\u{6D2}' | '\u{6D3}' | '\u{6D5}' | '\u{6EE}' | '\u{6EF}')
}
