"""Words that say nothing of what is sought: Italian articles, prepositions, conjunctions, and the like.

Written for this catalogue: "it" is not among them (information technology), nor "senza" (senza
glutine), nor "te" (tè is often typed without its accent). Single letters are dropped elsewhere.
"""

STOP_WORDS = frozenset(
    """
    il lo la gli le un uno una
    di de da in con su per tra fra
    del dello della dell dei degli delle
    al allo alla all ai agli alle
    dal dallo dalla dall dai dagli dalle
    nel nello nella nell nei negli nelle
    sul sullo sulla sull sui sugli sulle
    col coi
    ed od ma se che chi cui non come dove quando anche quale quali oppure ovvero nonche
    mi ti ci vi si ne
    mio mia miei mie tuo tua tuoi tue suo sua suoi sue loro
    nostro nostra nostri nostre vostro vostra vostri vostre
    io tu noi voi lui lei
    questo questa questi queste quest quello quella quelli quelle quell quel quei
    sono ho hai ha abbiamo avete hanno sia essere avere
    piu meno molto molta molti molte tutto tutta tutti tutte tutt ogni
    of and for with
    """.split()
)
