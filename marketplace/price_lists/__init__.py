"""Price lists that come in and go out: sheets, GDXP, the wizard that reads them, private lists, exports."""
