"""The persons whom every archive of the tests knows, and their roles."""

from storage.people import Role

CAST = {
    "Eva Ek": {Role.ARCHIVIST, Role.OFFICER},
    "Ali Alm": {Role.OFFICER},
    "Andra Anna": {Role.MANAGER},
    "Olga Owner": {Role.OWNER},
    "Arvid Arkivarie": {Role.ARCHIVIST},
    "Astrid Arkivarie": {Role.ARCHIVIST},
    "Tredje Tage": {Role.MANAGER},
    "Drift Dahl": {Role.OPERATOR},
    "Rut Registrator": {Role.OFFICER},
    "Rektor Rönn": {Role.MANAGER, Role.ARCHIVIST},
    "Registrator Rut": {Role.OFFICER},
    "Kontoägare Karin": {Role.OWNER},
    "Arkivarie Astrid": {Role.ARCHIVIST},
    "Rolf Revisor": {Role.AUDITOR},
}
