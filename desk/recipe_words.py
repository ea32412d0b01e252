"""What the desk says of recipes. Pairs of Swedish and English."""

from collections.abc import Mapping

Pair = tuple[str, str]

RECIPES: Mapping[str, Pair] = {
    "tried_live": ("Prövat", "Tried"),
    "tried_on": ("Senast", "Last"),
    "tried_how": ("Hur", "How"),
    "recipe.live": ("mot plattformen", "live"),
    "recipe.not_live": ("ej mot plattformen", "not live"),
    "recipe.checked": (
        "Recept kontrollerade: {count}. Fel: {faults}.",
        "Recipes checked: {count}. Faults: {faults}.",
    ),
    "field": ("Fält", "Field"),
    "selector": ("Selektor", "Selector"),
    "matches": ("Träffar", "Matches"),
    "recipe.facts": ("Uppgifter som läses", "What is read"),
    "recipe.matches": ("Vad receptet träffar", "What the recipe matches"),
    "recipe.posts": ("Inlägg som läses", "Posts read"),
    "recipe.name": ("Namn", "Name"),
    "recipe.post": ("Inlägget som det läses", "The post as it is read"),
    "recipe.announced": ("Kommentarer enligt sidan", "Comments announced"),
    "recipe.comments": ("Kommentarer som läses", "Comments read"),
    "recipe.parent": ("Svar på", "Reply to"),
    "recipe.time": ("Tid", "Time"),
    "recipe.handle": ("Kontonamn", "Handle"),
    "recipe.bio": ("Beskrivning", "Biography"),
    "recipe.links": ("Länkar", "Links"),
    "recipe.counts": ("Räknare", "Counters"),
    "recipe.avatar_url": ("Profilbild", "Profile picture"),
    "recipe.cover_url": ("Omslagsbild", "Cover"),
    "recipe.no_consent": ("ingen fråga om samtycke", "no question of consent"),
    "recipe.refused": ("nekat med ”{pressed}” ({rule})", "refused by “{pressed}” ({rule})"),
    "recipe.stands": (
        "frågan står kvar: inget sätt att neka hittades ({rule})",
        "the question stands: no way to refuse was found ({rule})",
    ),
    "recipe.drift": ("Receptet har åldrats", "The recipe has drifted"),
}
