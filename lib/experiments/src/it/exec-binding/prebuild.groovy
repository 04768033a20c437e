// The README's own lines, so that they cannot drift from what works
def readme = new File(basedir, '../../../../../README.md').getText('UTF-8')
def plugin = (readme =~ /(?s)```xml\n(<plugin>.*?)```/)[0][1]
def pom = new File(basedir, 'pom.xml')
pom.setText(pom.getText('UTF-8').replace('<!-- here -->', plugin), 'UTF-8')
